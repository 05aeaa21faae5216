#include "process/program.h"

#include "process/child.h"
#include "process/message.h"

namespace losscalc::process {

Program::Program(const std::vector<std::string>& command, std::chrono::duration<double> timeout)
    : child_(std::make_unique<Child>(command)), timeout_(timeout) {}

Program::~Program() = default;

Reply Program::ask(const Arrays& inputs, bool with_gradient, std::size_t samples) {
  const Request request{++last_id_, inputs, with_gradient, samples};
  return parse_reply(child_->exchange(to_line(request), timeout_), request, child_->command());
}

}  // namespace losscalc::process
