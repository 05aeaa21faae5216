#include "io/compressed/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "io/spool.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

class Inflater {
 public:
  Inflater() : piece_(std::size_t{1} << 20U) {
    constexpr int largest_window = 15;
    constexpr int of_gzip = 16;
    // The macro of this name casts as C does.
    if (::inflateInit2_(&stream_, largest_window + of_gzip, ZLIB_VERSION,
                        static_cast<int>(sizeof(z_stream))) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream_); }

  /// Unpacks one member, and returns the bytes behind it.
  std::span<const std::byte> unpack_member(std::span<const std::byte> in, const std::string& file,
                                           Spool& out) {
    ::inflateReset(&stream_);
    for (;;) {
      constexpr std::size_t most = std::numeric_limits<uInt>::max();
      const std::size_t given = std::min(in.size(), most);
      // zlib doesn't write to its input.
      stream_.next_in =
          const_cast<Bytef*>(static_cast<const Bytef*>(static_cast<const void*>(in.data())));
      stream_.avail_in = static_cast<uInt>(given);
      stream_.next_out = static_cast<Bytef*>(static_cast<void*>(piece_.data()));
      stream_.avail_out = static_cast<uInt>(piece_.size());
      const int status = ::inflate(&stream_, Z_NO_FLUSH);
      in = in.subspan(given - stream_.avail_in);
      out.append(std::span(piece_).first(piece_.size() - stream_.avail_out));
      if (status == Z_STREAM_END) return in;
      if (status == Z_MEM_ERROR) throw std::bad_alloc();
      if (status == Z_BUF_ERROR) fail(file, "the gzip data are cut short");
      if (status != Z_OK)
        fail(file, std::string("the gzip data are corrupt: ") +
                       (stream_.msg == nullptr ? "a dictionary is missing" : stream_.msg));
    }
  }

  [[noreturn]] static void fail(const std::string& file, const std::string& what) {
    throw Error(ErrorCode::malformed_compression, what, Place{.file = file},
                "check the file with gzip -t, and write or download it again");
  }

 private:
  z_stream stream_{};
  std::vector<std::byte> piece_;
};

bool is_zero(std::byte byte) { return byte == std::byte{0}; }

}  // namespace

bool begins_as_gzip(std::string_view content) { return content.starts_with("\x1f\x8b\x08"); }

void unpack_gzip(const Bytes& bytes, Spool& out) {
  Inflater inflater;
  std::span<const std::byte> rest = bytes.data;
  do {
    rest = inflater.unpack_member(rest, bytes.file, out);
  } while (begins_as_gzip(
      {static_cast<const char*>(static_cast<const void*>(rest.data())), rest.size()}));
  // Files are padded with zeros where they were written in blocks.
  if (std::ranges::all_of(rest, is_zero)) return;
  Inflater::fail(bytes.file, text::counted(rest.size(), "byte") +
                                 " behind the gzip data, and no further member");
}

}  // namespace losscalc::io
