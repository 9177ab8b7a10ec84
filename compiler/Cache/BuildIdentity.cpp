//===- BuildIdentity.cpp - Which build of the compiler this is ------------===//
// The build id that the linker wrote into a loaded file, which is a hash of it;
// where there is none, what the file system says of the file.
//===----------------------------------------------------------------------===//

#include "compiler/Cache/BuildIdentity.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>
#include <elf.h>
#include <link.h>
#include <sys/stat.h>

namespace seqc {
namespace {

// Of this machine's width.
using Segment = ElfW(Phdr);
using Note = ElfW(Nhdr);

/// One loaded file: a library, or the program.
class LoadedFile {
public:
  explicit LoadedFile(const dl_phdr_info &info) : info(info) {}

  bool contains(uintptr_t address) const {
    for (const Segment &segment : segments())
      if (segment.p_type == PT_LOAD &&
          address - (info.dlpi_addr + segment.p_vaddr) < segment.p_memsz)
        return true;
    return false;
  }

  /// Empty where it cannot be told.
  std::string identity() const {
    for (const Segment &segment : segments())
      if (segment.p_type == PT_NOTE)
        if (llvm::StringRef id = findBuildId(segment); !id.empty())
          return llvm::toHex(id, /*LowerCase=*/true);
    return statusOfFile();
  }

private:
  llvm::ArrayRef<Segment> segments() const {
    return {info.dlpi_phdr, info.dlpi_phnum};
  }

  /// In a segment of notes: each is a head, a name and a description.
  llvm::StringRef findBuildId(const Segment &segment) const {
    llvm::StringRef rest(
        reinterpret_cast<const char *>(info.dlpi_addr + segment.p_vaddr),
        segment.p_memsz);
    const uint64_t alignment = segment.p_align == 8 ? 8 : 4;
    Note head;
    while (rest.size() >= sizeof(head)) {
      std::memcpy(&head, rest.data(), sizeof(head));
      const llvm::StringRef name = rest.substr(sizeof(head), head.n_namesz);
      const uint64_t begin =
          llvm::alignTo(sizeof(head) + uint64_t{head.n_namesz}, alignment);
      if (head.n_type == NT_GNU_BUILD_ID && name == llvm::StringRef("GNU", 4))
        return rest.substr(begin, head.n_descsz);
      rest = rest.substr(
          llvm::alignTo(begin + uint64_t{head.n_descsz}, alignment));
    }
    return {};
  }

  std::string statusOfFile() const {
    // The program itself has no name here.
    const bool isProgram = !info.dlpi_name || !*info.dlpi_name;
    struct stat status;
    if (stat(isProgram ? "/proc/self/exe" : info.dlpi_name, &status) != 0)
      return "";
    const auto number = [](auto value) {
      return " " + std::to_string(static_cast<int64_t>(value));
    };
    return "file" + number(status.st_dev) + number(status.st_ino) +
           number(status.st_size) + number(status.st_mtim.tv_sec) +
           number(status.st_mtim.tv_nsec);
  }

  const dl_phdr_info &info;
};

struct Search {
  uintptr_t address;
  std::string identity;
};

int visit(dl_phdr_info *info, size_t, void *data) {
  auto *search = static_cast<Search *>(data);
  const LoadedFile file(*info);
  if (!file.contains(search->address))
    return 0;
  search->identity = file.identity();
  return 1;
}

template <typename Function> std::string identityAround(Function *function) {
  Search search{reinterpret_cast<uintptr_t>(function), ""};
  dl_iterate_phdr(visit, &search);
  return search.identity;
}

} // namespace

std::optional<std::string> buildIdentity() {
  std::string identity;
  // Any function of each will do.
  for (const std::string &part :
       {identityAround(&buildIdentity), identityAround(&mlir::verify),
        identityAround(&llvm::pruneCache)}) {
    if (part.empty())
      return std::nullopt;
    identity += part + ";";
  }
  return identity;
}

} // namespace seqc
