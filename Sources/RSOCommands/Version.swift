import RSORuns

package typealias Version = RSORuns.Version
