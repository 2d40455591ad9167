internal import FoundationEssentials
import RSODatasets
import RSONetworks

/// A Python module that defines the network in PyTorch and loads its weights from a safetensors file.
package enum PyTorchModule {
  /// - Parameter weights: The name of the safetensors file, in the module's own directory.
  ///
  /// *Reproducibility:* equal networks give equal text.
  package static func text(_ network: TrainedNetwork, weights: String) throws -> String {
    let hasIntegers = network.integerWeights.contains { $0 != nil }
    let stages = try StageGraph(network.architecture)
    let body = PyTorchBody(
      graph: ExportGraph(stages), layout: stages.layout, architecture: network.architecture)
    return """
      \"""The network '\(network.architecture.name)', trained by rso without gradients.\"""
      import pathlib

      import torch
      from safetensors.torch import load_file
      from torch import nn
      from torch.nn import functional as F

      \(normalization(of: network))


      class Network(nn.Module):
          def __init__(self):
              super().__init__()
      \(lines(body.modules))

          def forward(self, x):
              \"""Logits, N x \(network.architecture.classes), of normalised \(noun(network)).\"""
      \(lines(body.statements))
              return x


      def load(path=pathlib.Path(__file__).parent / \(try literal(weights))):
          \"""Returns the trained network, in evaluation mode.\"""
          network = Network()
          network.load_state_dict(\(hasIntegers ? "real(load_file(path))" : "load_file(path)"))
          return network.eval()

      """ + (hasIntegers ? real : "")
  }

  /// The function that makes weights of the tensors of `IntegerWeights`.
  private static let real = """


    def real(tensors):
        \"""Returns tensors with weights in place of multiples, or of bits, and their scales.\"""
        for name in [name for name in tensors if name.endswith(".weight_scale")]:
            scale, weight = tensors.pop(name), name.removesuffix("_scale")
            if weight in tensors:
                tensors[weight] = tensors[weight].float() * scale
                continue
            bits, shape = tensors.pop(f"{weight}_bits"), tensors.pop(f"{weight}_shape").tolist()
            places = torch.arange(7, -1, -1, dtype=torch.uint8)
            rows = (bits.unsqueeze(-1) >> places & 1).flatten(1).float()
            ones = rows.reshape(shape[0], -1)[:, : torch.Size(shape[1:]).numel()]
            tensors[weight] = ones.reshape(shape) * (2 * scale) - scale
        return tensors

    """

  /// The word for what the network takes.
  private static func noun(_ network: TrainedNetwork) -> String {
    network.elements == .bytes ? "images" : "samples"
  }

  /// The constants and the function that normalise bytes of images, or floats.
  private static func normalization(of network: TrainedNetwork) -> String {
    func list(_ values: [Double]) -> String {
      "[" + values.map { "\($0)" }.joined(separator: ", ") + "]"
    }
    let shape = network.architecture.input
    let extents = "\(shape.channels), \(shape.height), \(shape.width)"
    let noun = noun(network)
    let (units, form, numbers) =
      switch network.elements {
      case .bytes:
        (
          "pixels, one value per channel, of byte / 255", "N x C x H x W bytes",
          "images.double() / 255"
        )
      case .floats:
        (
          "numbers, one value per channel or feature",
          "N x \(shape) floats or N rows of as many",
          "samples.double().reshape(-1, \(extents))"
        )
      }
    return """
      # Mean and deviation of the training set's \(units).
      MEAN = \(list(network.normalization.mean))
      STD = \(list(network.normalization.divisors))


      def normalize(\(noun)):
          \"""Normalises \(noun), \(form), for the network.\"""
          mean = torch.tensor(MEAN, dtype=torch.float64, device=\(noun).device).view(-1, 1, 1)
          std = torch.tensor(STD, dtype=torch.float64, device=\(noun).device).view(-1, 1, 1)
          return ((\(numbers) - mean) / std).float()
      """
  }

  private static func lines(_ lines: [String]) -> String {
    lines.map { "        " + $0 }.joined(separator: "\n")
  }

  /// A text as a Python literal: a JSON string, which means the same in Python.
  private static func literal(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}
