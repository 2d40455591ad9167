internal import Glibc

/// The memory of the machine.
package enum SystemMemory {
  /// The bytes of main memory; 8 GiB where the system does not tell.
  package static let size: Int = {
    let (pages, page) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && page > 0 ? pages * page : 1 << 33
  }()
}
