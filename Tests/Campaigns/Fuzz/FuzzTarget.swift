import Foundation
import HDF5
import Pictures
import RSOCheckpoints
import RSODatasets
import RSONetworks

/// A reader that is given arbitrary bytes. It may refuse them; that it ends, and that what it accepts
/// holds together, is all that is asked.
enum FuzzTarget: String, CaseIterable {
  case idx, gzip, cifar, npz, npy, safetensors, gguf, onnx, architecture, table, svmlight, picture
  /// Files of arrays as data sets: npz, npy and IDX; HDF5 in its process.
  case arrays, hdf5
  /// The descriptions of arrays that libhdf5's process answers.
  case descriptions
  /// h5py's compression.
  case lzf
  /// A pickle in an archive of PyTorch.
  case pickle
  /// A file of tensors whose format is found by its content; HDF5 in its process.
  case tensors
  /// The index of a model in several files.
  case shards
  case userBlock = "user-block"
  /// Everything of a checkpoint but libhdf5: what its process answers.
  case contents
  /// A checkpoint file with a right digest, libhdf5 in its process.
  case checkpoint

  func run(_ bytes: [UInt8]) {
    switch self {
    case .idx: Self.readIDX(bytes)
    case .gzip: Self.readIDX([0x1F, 0x8B] + bytes)
    case .cifar: Self.readCIFAR(bytes)
    case .arrays, .hdf5: ArrayTrial.read(bytes)
    case .descriptions: ArrayTrial.decode(bytes)
    case .lzf: ArrayTrial.decompress(bytes)
    case .npz: TensorTrial.read(bytes, as: .npz)
    case .npy: TensorTrial.read(bytes, as: .npy)
    case .safetensors: TensorTrial.read(bytes, as: .safetensors)
    case .gguf: TensorTrial.read(bytes, as: .gguf)
    case .onnx: TensorTrial.read(bytes, as: .onnx)
    case .tensors: TensorTrial.read(bytes)
    case .pickle: TensorTrial.readPickle(bytes)
    case .shards: TensorTrial.readIndex(bytes)
    case .architecture: Self.readArchitecture(bytes)
    case .table: Self.readTable(bytes)
    case .svmlight: Self.readSparse(bytes)
    case .picture: Self.readPicture(bytes)
    case .userBlock: Self.readUserBlock(bytes)
    case .contents: Self.interpret(bytes)
    case .checkpoint: Self.readCheckpoint(bytes)
    }
  }

  private static func readIDX(_ bytes: [UInt8]) {
    MemoryFile.shared.hold(bytes)
    for kind in [IDXFile.Kind.images, .labels] {
      guard let content = try? IDXFile(kind, at: MemoryFile.shared.path) else { continue }
      precondition(content.bytes.count == content.dimensions.reduce(1, *))
    }
  }

  private static func readCIFAR(_ bytes: [UInt8]) {
    MemoryFile.shared.hold(bytes)
    guard let dataset = try? CIFARReader(limit: 1 << 24).load(MemoryFile.shared.path, DataRequest())
    else {
      return
    }
    for images in [dataset.training, dataset.test].compactMap({ $0 }) {
      precondition(images.labels.allSatisfy { $0 < images.outputs })
      precondition(images.samples.count == images.count * images.shape.count)
    }
  }

  private static func readTable(_ bytes: [UInt8]) {
    MemoryFile.shared.hold(bytes)
    guard let table = try? Table(MemoryFile.shared.path) else { return }
    precondition(table.features.count % table.rows == 0 && table.rows > 0)
    precondition(table.features.allSatisfy(\.isFinite))
    guard let targets = try? table.rawTargets() else { return }
    precondition(targets.count == table.rows)
  }

  private static func readSparse(_ bytes: [UInt8]) {
    MemoryFile.shared.hold(bytes)
    let path = MemoryFile.shared.path
    guard let data = try? SVMLightReader(limit: 1 << 24).load(path, DataRequest()) else { return }
    precondition(data.training.samples.count == data.training.count * data.training.shape.count)
    precondition(data.training.labels.allSatisfy { $0 < data.training.outputs })
  }

  private static func readPicture(_ bytes: [UInt8]) {
    guard case .success(let picture) = Picture.decode(bytes, maximumBytes: 1 << 24) else { return }
    precondition(picture.bytes.count == picture.width * picture.height * picture.channels)
  }

  private static func readArchitecture(_ bytes: [UInt8]) {
    guard let architecture = try? Architecture(json: Data(bytes)) else { return }
    let again = (try? architecture.json()).flatMap { try? Architecture(json: $0) }
    precondition(again == architecture, "what was written is not what was read")
  }

  /// Once as the bytes are, and once with the digest that belongs to them.
  private static func readUserBlock(_ bytes: [UInt8]) {
    _ = try? UserBlock(of: bytes, path: "")
    guard bytes.count > UserBlock.size else { return }
    let rest = Array(bytes[UserBlock.size...])
    let generator = String(decoding: bytes.prefix(UserBlock.size), as: UTF8.self)
    guard var sealed = UserBlock.seal(rest, generator: generator) else { return }
    precondition((try? UserBlock(of: sealed, path: ""))?.generator == generator)
    sealed[Int(bytes[0]) % sealed.count] ^= 1
    precondition((try? UserBlock(of: sealed, path: "")) == nil, "damage was not seen")
  }

  private static func interpret(_ answer: [UInt8]) {
    let userBlock = UserBlock(
      version: CheckpointSchema.version, length: answer.count + UserBlock.size,
      sha256: String(repeating: "0", count: 64), generator: generator)
    guard
      let sealed = try? CheckpointReader.interpret(answer, userBlock: userBlock, path: ""),
      let bytes = try? CheckpointWriter.encode(sealed.checkpoint)
    else { return }
    let again = try? CheckpointReader.loadInThisProcess(bytes, path: "")
    precondition(again?.stateSHA256 == sealed.stateSHA256, "what was written cannot be read")
  }

  private static func readCheckpoint(_ image: [UInt8]) {
    guard let bytes = UserBlock.seal(image, generator: generator) else { return }
    _ = try? CheckpointReader.load(bytes, path: "")
  }

  private static let generator = "rso 1.0.0"

  /// What a checkpoint file is to this target: a seed to begin with.
  func seed(from checkpoint: [UInt8]) -> [UInt8]? {
    let image = Array(checkpoint.dropFirst(UserBlock.size))
    switch self {
    case .checkpoint: return image
    case .userBlock: return Array(checkpoint.prefix(UserBlock.size + 64))
    case .contents:
      let limits = HDF5Contents.Limits(bytes: checkpoint.count)
      guard let group = try? HDF5Contents.extract(from: checkpoint, limits) else { return nil }
      return HDF5Contents.encode(.success(group))
    default: return nil
    }
  }
}
