#include "process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <ctime>
#include <thread>
#include <utility>

#include "process/failure.h"
#include "text/number.h"

namespace losscalc::process {
namespace {

using Seconds = Child::Seconds;

constexpr std::size_t max_received = std::size_t{1} << 30U;
constexpr Seconds grace{1.0};

Seconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }

/// While it lives, a write by this thread to a pipe that nobody reads fails, and raises no signal.
class BrokenPipesSilenced {
 public:
  BrokenPipesSilenced() {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&broken_pipe_);
    ::sigaddset(&broken_pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe_, &mask_);
  }
  ~BrokenPipesSilenced() {
    const timespec at_once{};
    while (!was_pending_ && ::sigtimedwait(&broken_pipe_, nullptr, &at_once) < 0 &&
           errno == EINTR) {
    }
    ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  BrokenPipesSilenced(const BrokenPipesSilenced&) = delete;
  BrokenPipesSilenced& operator=(const BrokenPipesSilenced&) = delete;

 private:
  sigset_t broken_pipe_{};
  sigset_t mask_{};
  bool was_pending_ = false;
};

struct Pipe {
  Descriptor out;
  Descriptor in;
};

Pipe make_pipe(const std::string& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail(command, std::string("cannot be started: no pipe: ") + std::strerror(errno));
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void set_nonblocking(const Descriptor& descriptor) {
  ::fcntl(descriptor.number(), F_SETFL, ::fcntl(descriptor.number(), F_GETFL) | O_NONBLOCK);
}

std::string describe_ending(int status) {
  if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* const name = ::sigabbrev_np(signal);
  return "was terminated by " +
         (name == nullptr ? "signal " + std::to_string(signal) : "SIG" + std::string(name));
}

int poll_milliseconds(Seconds left) {
  constexpr double most = 1e9;
  return static_cast<int>(std::ceil(std::clamp(left.count() * 1e3, 0.0, most)));
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Child::Child(const std::vector<std::string>& command) {
  assert(!command.empty());
  for (const std::string& word : command) command_ += (command_.empty() ? "" : " ") + word;
  start(command);
}

void Child::start(const std::vector<std::string>& command) {
  Pipe requests = make_pipe(command_);
  Pipe replies = make_pipe(command_);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, requests.out.number(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, replies.in.number(), STDOUT_FILENO);
  // A signal that we ignore would be ignored by the child too.
  sigset_t defaults;
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error =
      ::posix_spawnp(&process_, words[0], &actions, &attributes, words.data(), ::environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    fail(command_, std::string("cannot be started: ") + std::strerror(error),
         "name a program in PATH or by its path; a script must be executable and begin with a line "
         "such as #!/usr/bin/env python3");
  }
  requests_ = std::move(requests.in);
  replies_ = std::move(replies.out);
  set_nonblocking(requests_);
  set_nonblocking(replies_);
}

Child::~Child() {
  requests_.close();
  replies_.close();
  if (!wait_for_end(grace)) kill();
}

std::string Child::exchange(std::string_view text, Seconds timeout) {
  const BrokenPipesSilenced silenced;
  const Seconds deadline = now() + timeout;
  std::size_t searched = 0;
  while (true) {
    const std::size_t end = received_.find('\n', searched);
    searched = std::min(end, received_.size());
    if (text.empty() && end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    if (received_.size() > max_received)
      fail_without_line("sent more than 1 GiB without a newline");

    const Seconds left = deadline - now();
    if (left <= Seconds::zero()) {
      kill();
      fail_without_line("did not answer within " + text::shortest(timeout.count()) +
                        " seconds and was killed");
    }
    std::array<pollfd, 2> ready{
        {{text.empty() ? -1 : requests_.number(), POLLOUT, 0}, {replies_.number(), POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), poll_milliseconds(left)) < 0 && errno != EINTR) {
      fail_without_line(std::string("cannot be waited for: ") + std::strerror(errno));
    }
    if (ready[0].revents != 0) write_some(text);
    if (ready[1].revents != 0 && !read_some()) {
      // What ended may have answered before.
      if (received_.find('\n', searched) == std::string::npos) fail_at_end();
      text = {};
    }
  }
}

/// What nobody reads any more counts as written: an answer may have been given without it.
void Child::write_some(std::string_view& text) {
  const ssize_t done = ::write(requests_.number(), text.data(), text.size());
  if (done >= 0) {
    text.remove_prefix(static_cast<std::size_t>(done));
  } else if (errno != EAGAIN && errno != EINTR) {
    text = {};
  }
}

/// False at the end.
bool Child::read_some() {
  std::array<char, 1U << 16U> buffer;
  const ssize_t done = ::read(replies_.number(), buffer.data(), buffer.size());
  if (done > 0) received_.append(buffer.data(), static_cast<std::size_t>(done));
  return done > 0 || (done < 0 && (errno == EAGAIN || errno == EINTR));
}

bool Child::wait_for_end(Seconds most) {
  const Seconds deadline = now() + most;
  while (ending_.empty()) {
    int status = 0;
    const pid_t ended = ::waitpid(process_, &status, WNOHANG);
    if (ended == process_) {
      ending_ = describe_ending(status);
    } else if (ended < 0 && errno != EINTR) {
      // Whoever started us had the ends of children forgotten.
      ending_ = "ended";
    } else if (now() >= deadline) {
      return false;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  return true;
}

void Child::kill() {
  if (!ending_.empty()) return;
  ::kill(process_, SIGKILL);
  wait_for_end(grace);
}

void Child::fail_without_line(const std::string& reason) const {
  const std::string sent = received_.empty() ? "" : "; it had sent " + quoted(received_);
  fail(command_, reason + sent,
       "each request is answered by one line on standard output, flushed at once");
}

void Child::fail_at_end() {
  if (!wait_for_end(grace)) {
    kill();
    fail_without_line("closed its standard output before it answered");
  }
  fail_without_line(ending_ + " before it answered");
}

}  // namespace losscalc::process
