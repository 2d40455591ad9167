import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
  @Suite("Files of tensors, from the command line")
  struct TensorFileTests {
    /// A safetensors file of tensors with type, shape and bytes.
    private func safetensors(
      _ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])]
    ) -> Data {
      var offset = 0
      let members = tensors.map { tensor -> String in
        defer { offset += tensor.bytes.count }
        let shape = tensor.shape.map(String.init).joined(separator: ",")
        return "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(offset + tensor.bytes.count)]}"
      }
      let header = Array("{\(members.joined(separator: ","))}".utf8)
      let size = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
      return Data(size + header + tensors.flatMap(\.bytes))
    }

    private func write(
      _ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])], to name: String,
      in sandbox: Sandbox
    ) throws {
      try safetensors(tensors).write(to: sandbox.url.appendingPathComponent(name))
    }

    private func floats(_ values: [Float]) -> [UInt8] {
      values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * UInt32($0)) & 255) } }
    }

    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 2)))
      return sandbox
    }

    @Test("integers that differ are a difference: status 1, and the array is named")
    func integers() async throws {
      let sandbox = try Sandbox()
      try write(
        [("w", "F32", [1], floats([1])), ("q", "I8", [3], [1, 2, 3])], to: "a", in: sandbox)
      try write(
        [("w", "F32", [1], floats([1])), ("q", "I8", [3], [1, 2, 4])], to: "b", in: sandbox)
      let outcome = try await sandbox.rso(["diff", "a", "b"])
      #expect(outcome.status == 1, "\(outcome.output)")
      #expect(outcome.output.hasPrefix("arrays that differ\n"))
      #expect(outcome.output.contains("  q         1 of 3"), "\(outcome.output)")
      #expect(try await sandbox.rso(["diff", "a", "a"]).status == 0)
    }

    @Test("a type that is not decoded is listed beside what is read; float8 is read")
    func types() async throws {
      let sandbox = try Sandbox()
      try write(
        [
          ("w", "F32", [2], floats([1, 3])), ("s", "F8_E4M3", [2], [0x38, 0x7E]),
          ("p", "F4", [2], [0x12]),
        ], to: "a", in: sandbox)
      let outcome = try await sandbox.rso(["inspect", "a", "--json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let rows = try #require(object["tensors"] as? [[String: Any]])
      #expect(rows.map { $0["tensor"] as? String } == ["w", "s", "p"])
      #expect(rows.map { $0["max"] as? Double } == [3, 448, nil])
      #expect(object["not_examined"] as? [String] == ["p"])
      let csv = try await sandbox.rso(["inspect", "a", "--csv"])
      #expect(csv.output.split(separator: "\n").count == 4)
    }

    @Test(
      "every entry of the other tools' files is a row, and none that was not read is called equal",
      arguments: [
        ("pytorch/kinds.pt", 23, 0), ("pytorch/views.pt", 10, 0), ("pytorch/training.pt", 25, 3),
        ("pytorch/special.pt", 15, 6), ("pytorch/script.pt", 3, 0), ("pytorch/module.pt", 2, 0),
        ("gguf/kinds.gguf", 12, 0),
        ("gguf/kinds-big.gguf", 7, 0), ("shards/safetensors", 3, 0),
        ("shards/pytorch/pytorch_model.bin.index.json", 3, 0),
      ])
    func rows(file: String, entries: Int, unread: Int) async throws {
      let sandbox = try Sandbox()
      let path = Fixtures.url("tensors/\(file)").path
      let outcome = try await sandbox.rso(["inspect", path, "--json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect((object["tensors"] as? [Any])?.count == entries)
      let csv = try await sandbox.rso(["inspect", path, "--csv"])
      #expect(csv.output.split(separator: "\n").count == entries + 1)
      let difference = try await sandbox.rso(["diff", path, path])
      #expect(difference.status == (unread == 0 ? 0 : 2), "\(difference.output)")
    }

    @Test(
      "a file that is something else is named with what to do",
      arguments: [
        (
          "<!doctype html>",
          "an HTML page, as a server sends instead of a file; fetch the file again"
        ),
        ("", "an empty file; fetch or write it again"),
      ])
    func foreign(text: String, words: String) async throws {
      let sandbox = try Sandbox()
      try Data(text.utf8).write(to: sandbox.url.appendingPathComponent("x.safetensors"))
      let outcome = try await sandbox.rso(["inspect", "x.safetensors"])
      #expect(outcome.status == 65)
      #expect(outcome.errors.hasSuffix("cannot read 'x.safetensors': \(words)\n"))
    }

    @Test(
      "a checkpoint and its exports are equal",
      arguments: ["a.safetensors", "a.npz", "a.h5", "a.onnx"])
    func exports(name: String) async throws {
      let sandbox = try await trained()
      let export = try await sandbox.rso(["export", "run", "-o", name])
      try #require(export.status == 0, "\(export.errors)")
      for pair in [["run", name], [name, "run"]] {
        let outcome = try await sandbox.rso(["diff"] + pair)
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output == "equal arrays\n")
      }
      let earlier = try await sandbox.rso(["diff", "run@1", name, "--stat"])
      #expect(earlier.status == 1 && earlier.output.contains("conv1.weight "), "\(earlier.output)")
    }

    @Test("conversions carry every tensor, or name it")
    func conversions() async throws {
      let sandbox = try Sandbox()
      try write(
        [
          ("w", "F32", [2, 2], floats([1, 2, 3, 4])), ("n", "I64", [1], [9, 0, 0, 0, 0, 0, 0, 0]),
          ("u", "U8", [3], [1, 2, 3]), ("d", "F64", [1], [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]),
        ], to: "a.safetensors", in: sandbox)
      for (from, to) in [
        ("a.safetensors", "b.npz"), ("b.npz", "c.onnx"), ("c.onnx", "d.safetensors"),
      ] {
        let outcome = try await sandbox.rso(["export", from, "-o", to])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("wrote 4 tensors of '\(from)'"), "\(outcome.errors)")
        let diff = try await sandbox.rso(["diff", "a.safetensors", to])
        #expect(diff.status == 0, "\(diff.output)")
      }
      let hdf5 = try await sandbox.rso(["export", "a.safetensors", "-o", "e.h5"])
      #expect(hdf5.status == 0, "\(hdf5.errors)")
      #expect(
        try await sandbox.rso(["diff", "a.safetensors", "e.h5", "--only", "w", "--only", "d"])
          .status == 0)
      try write(
        [("w", "F32", [1], floats([1])), ("h", "BF16", [1], [0x80, 0x3F])], to: "f.safetensors",
        in: sandbox)
      let refused = try await sandbox.rso(["export", "f.safetensors", "-o", "f.npz"])
      #expect(refused.status == 65 && !sandbox.exists("f.npz"))
      #expect(refused.errors.contains("\n  h: npz has no type bfloat16\n"), "\(refused.errors)")
      let partial = try await sandbox.rso(["export", "f.safetensors", "-o", "f.npz", "--partial"])
      #expect(partial.status == 0 && partial.errors.contains("left out: h: npz has no type"))
      #expect(try await sandbox.rso(["diff", "f.safetensors", "f.npz"]).status == 1)
    }

    @Test(
      "tensors of every type stay the same through ONNX, HDF5, safetensors and npz, or are named")
    func everyType() async throws {
      let sandbox = try Sandbox()
      let kinds = Fixtures.url("tensors/onnx/kinds.onnx").path
      for (from, to, lacks) in [
        (kinds, "a.onnx", "raw/int4"), (kinds, "b.h5", "raw/float8_e4m3"),
        ("b.h5", "c.onnx", nil), ("c.onnx", "d.h5", nil),
        (Fixtures.url("hdf5/kinds.h5").path, "e.h5", "unread/records"),
        ("e.h5", "f.onnx", nil), ("f.onnx", "g.npz", "bfloat16"),
      ] as [(String, String, String?)] {
        if let lacks {
          let refused = try await sandbox.rso(["export", from, "-o", to])
          #expect(refused.status == 65 && !sandbox.exists(to), "\(from) \(to)")
          #expect(refused.errors.contains("\n  \(lacks): "), "\(refused.errors)")
        }
        let outcome = try await sandbox.rso(
          ["export", from, "-o", to] + (lacks == nil ? [] : ["--partial"]))
        #expect(outcome.status == 0, "\(from) \(to): \(outcome.errors)")
        let diff = try await sandbox.rso(["diff", from, to])
        #expect(diff.status == (lacks == nil ? 0 : 1), "\(from) \(to): \(diff.output)")
        // What was left out is the only difference.
        let rows = diff.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
        #expect(
          rows.allSatisfy { $0.hasSuffix("only in '\(from)'") },
          "\(from) \(to): \(diff.output)")
        #expect(rows.isEmpty == (lacks == nil), "\(from) \(to): \(diff.output)")
      }
    }

    @Test("metadata are compared")
    func metadata() async throws {
      let sandbox = try Sandbox()
      for (name, texts) in [("a", #""k":"1","x":"y""#), ("b", #""k":"2","z":"y""#)] {
        let header =
          #"{"__metadata__":{\#(texts)},"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
        let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        try (length + Data(header.utf8) + [7]).write(to: sandbox.url.appendingPathComponent(name))
      }
      let outcome = try await sandbox.rso(["diff", "a", "b"])
      #expect(outcome.status == 1)
      #expect(
        outcome.output == """
          metadata that differ

          metadata
            k  '1' -> '2'
            x  only in 'a'
            z  only in 'b'

          """)
      let json = try await sandbox.rso(["diff", "a", "b", "--json"])
      #expect(json.output.contains(#""metadata":[{"first":"1","name":"k","second":"2"},"#))
      #expect(json.output.contains(#""equal":false"#))
      #expect(try await sandbox.rso(["diff", "a", "b", "--ignore", "metadata/*"]).status == 0)
      #expect(try await sandbox.rso(["export", "a", "-o", "a.npz"]).status == 0)
      #expect(try await sandbox.rso(["diff", "a", "a.npz"]).status == 0)
    }

    @Test("verify checks structure, checksums and finiteness of other programs' files")
    func verify() async throws {
      let sandbox = try Sandbox()
      try write([("w", "F32", [2], floats([1, 2]))], to: "good", in: sandbox)
      try write([("w", "F32", [2], floats([1, .nan]))], to: "nan", in: sandbox)
      try write(
        [("w", "F32", [1], floats([1])), ("p", "F4", [2], [0x12])], to: "unsure", in: sandbox)
      try sandbox.data("good").dropLast(1).write(to: sandbox.url.appendingPathComponent("cut"))
      try sandbox.write(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", to: "pointer")
      for folder in ["model", "cut-model"] {
        try FileManager.default.createDirectory(
          at: sandbox.url.appendingPathComponent(folder), withIntermediateDirectories: false)
        let content = try sandbox.data("good").dropLast(folder == "model" ? 0 : 1)
        try content.write(
          to: sandbox.url.appendingPathComponent("\(folder)/model-00001-of-00001.safetensors"))
      }
      _ = try await sandbox.rso(["export", "good", "-o", "good.npz"])
      var bytes = try sandbox.data("good.npz")
      let place = try #require(bytes.range(of: Data(floats([1, 2]))))
      bytes[place.lowerBound] ^= 1
      try bytes.write(to: sandbox.url.appendingPathComponent("bad.npz"))
      let rows: [(String, Int32, String)] = [
        ("good", 0, "good     "), ("good.npz", 0, "the CRC-32 of each array"),
        ("nan", 1, "not-finite tensor 'w' has 1 NaN and 0 infinite numbers"),
        ("unsure", 2, "  not checked: 'p': finiteness: "), ("bad.npz", 1, "damaged  "),
        ("cut", 1, "damaged  cut: not a good safetensors file: "),
        ("pointer", 2, "unknown  pointer: a pointer of git-lfs to the file; fetch"),
        ("model", 0, "good     model"), ("cut-model", 2, "  not checked: "),
      ]
      for (file, status, text) in rows {
        let outcome = try await sandbox.rso(["verify", file])
        #expect(outcome.status == status, "\(file): \(outcome.output)\(outcome.errors)")
        #expect(
          outcome.output.replacing("not-finite \(file): ", with: "not-finite ").contains(text),
          "\(file): \(outcome.output)")
        let json = try await sandbox.rso(["verify", file, "--json"])
        #expect(json.status == status && json.output.contains("\"tensor_files\":[{"))
      }
    }

    @Test("git diff shows what changed in a file of tensors, by a textconv driver")
    func git() async throws {
      let sandbox = try Sandbox()
      try write(
        [("a", "F32", [1], floats([1])), ("b", "F32", [2], floats([1, 2]))],
        to: "x.safetensors", in: sandbox)
      try sandbox.write("*.safetensors diff=rso\n", to: ".gitattributes")
      func git(_ arguments: [String]) async throws -> Outcome {
        try await Programs.run(
          "/usr/bin/env",
          [
            "git", "-c", "diff.rso.textconv='\(Programs.path("rso"))' inspect --textconv", "-c",
            "user.name=a", "-c", "user.email=a@example.org",
          ] + arguments, in: sandbox.url)
      }
      for arguments in [
        ["init", "-q"], ["add", ".gitattributes", "x.safetensors"], ["commit", "-qm", "First"],
      ] {
        let outcome = try await git(arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
      }
      try write(
        [("a", "F32", [1], floats([1])), ("b", "F32", [2], floats([2, 1]))],
        to: "x.safetensors", in: sandbox)
      let diff = try await git(["diff"])
      let changes = diff.output.split(separator: "\n").filter {
        ($0.hasPrefix("+") || $0.hasPrefix("-")) && !$0.hasPrefix("+++") && !$0.hasPrefix("---")
      }
      // The same numbers in another order: only the digest differs.
      #expect(changes.count == 2, "\(diff.output)\(diff.errors)")
      #expect(changes.allSatisfy { $0.contains("'b'  float32  2  mean 1.5") }, "\(diff.output)")
    }

    @Test("--plot draws how the layers changed; an existing file needs --force")
    func plot() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["diff", "run@1", "run@2", "--plot", "x.svg", "-q"])
      #expect(outcome.status == 1, "\(outcome.errors)")
      let picture = String(decoding: try sandbox.data("x.svg"), as: UTF8.self)
      for part in ["<svg ", "conv1", "relative L2", "Sizes of changes"] {
        #expect(picture.contains(part), "\(part)")
      }
      let again = try await sandbox.rso(["diff", "run@1", "run@2", "--plot", "x.svg", "-q"])
      #expect(again.status != 0 && again.errors.contains("x.svg"))
    }

    @Test("--layer reads that tensor alone: another one that is gone does not matter")
    func layer() async throws {
      let sandbox = try Sandbox()
      try write(
        [("w", "F32", [2, 2], floats([1, 2, 3, 4])), ("v", "F32", [2], floats([5, 6]))], to: "a",
        in: sandbox)
      let outcome = try await sandbox.rso(["inspect", "a", "--layer", "w", "--json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let layer = try #require(object["layer"] as? [String: Any])
      let filters = try #require(layer["filters"] as? [[String: Any]])
      #expect(filters.map { $0["mean"] as? Double } == [1.5, 3.5])
      let bins = try #require(layer["histogram"] as? [[String: Any]])
      #expect(bins.compactMap { $0["count"] as? Int }.reduce(0, +) == 4)
      #expect((object["tensors"] as? [Any])?.count == 1)
    }

    @Test("memory stays bounded: 64 MiB of tensors within 200 MiB of address space")
    func memory() async throws {
      let sandbox = try Sandbox()
      let zeros = [UInt8](repeating: 1, count: 1 << 26)
      try write([("w", "F32", [1 << 24], zeros)], to: "a", in: sandbox)
      for arguments in [["inspect", "a"], ["diff", "a", "a"]] {
        let outcome = try await Programs.run(
          "/bin/sh",
          [
            "-c", "ulimit -v 200000; exec \"$@\"", "sh", Programs.path("rso"),
          ] + arguments, in: sandbox.url)
        #expect(outcome.signal == nil && outcome.status == 0, "\(outcome)")
      }
    }
  }
}
