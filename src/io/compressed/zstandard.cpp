#include "io/compressed/zstandard.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "io/spool.h"

namespace losscalc::io {
namespace {

[[noreturn]] void throw_corrupt(const std::string& file, std::size_t status) {
  if (::ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge) {
    throw Error(ErrorCode::malformed_compression,
                "the zstd data need more than 128 MiB of memory to unpack", Place{.file = file},
                "unpack it by itself: zstd -dc --long=31 " + file + " | losscalc ... -");
  }
  throw Error(ErrorCode::malformed_compression,
              std::string("the zstd data are corrupt, or something else stands behind them: ") +
                  ::ZSTD_getErrorName(status),
              Place{.file = file}, "check the file with zstd -t, and write or download it again");
}

}  // namespace

bool begins_as_zstandard(std::string_view content) {
  if (content.starts_with("\x28\xb5\x2f\xfd")) return true;
  return content.size() >= 4 && (static_cast<unsigned char>(content[0]) & 0xf0U) == 0x50U &&
         content.substr(1).starts_with("\x2a\x4d\x18");
}

void unpack_zstandard(const Bytes& bytes, Spool& out) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&::ZSTD_freeDCtx)> context(::ZSTD_createDCtx(),
                                                                       &::ZSTD_freeDCtx);
  if (!context) throw std::bad_alloc();
  std::vector<std::byte> piece(::ZSTD_DStreamOutSize());
  ZSTD_inBuffer in{bytes.data.data(), bytes.data.size(), 0};
  std::size_t pending = 0;  // 0 where a frame is complete
  std::size_t made = 0;
  do {
    ZSTD_outBuffer unpacked{piece.data(), piece.size(), 0};
    pending = ::ZSTD_decompressStream(context.get(), &unpacked, &in);
    if (::ZSTD_isError(pending) != 0) throw_corrupt(bytes.file, pending);
    made = unpacked.pos;
    out.append(std::span(piece).first(made));
  } while (in.pos < in.size || (pending != 0 && made == piece.size()));
  if (pending == 0) return;
  throw Error(ErrorCode::malformed_compression, "the zstd data are cut short",
              Place{.file = bytes.file},
              "check the file with zstd -t, and write or download it again");
}

}  // namespace losscalc::io
