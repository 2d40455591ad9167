package import Glibc

/// How programs are started that serve this one.
package enum SpawnAttributes {
  /// In a process group of its own, so that Ctrl-C stops this process and not what it is waiting for;
  /// and with no signal blocked or ignored. To be destroyed with `posix_spawnattr_destroy`.
  package static func ownGroup() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
  }
}
