internal import FoundationEssentials
import RSONetworks

/// A Python module that defines the network in PyTorch and loads its weights from a safetensors file.
package enum PyTorchModule {
  /// - Parameter weights: The name of the safetensors file, in the module's own directory.
  ///
  /// *Reproducibility:* equal networks give equal text.
  package static func text(_ network: TrainedNetwork, weights: String) throws -> String {
    let stages = try StageGraph(network.architecture)
    let body = PyTorchBody(
      graph: ExportGraph(stages), layout: stages.layout, architecture: network.architecture)
    func list(_ values: [Double]) -> String {
      "[" + values.map { "\($0)" }.joined(separator: ", ") + "]"
    }
    return """
      \"""The network '\(network.architecture.name)', trained by rso without gradients.\"""
      import pathlib

      import torch
      from safetensors.torch import load_file
      from torch import nn
      from torch.nn import functional as F

      # Mean and deviation of the training set's pixels, one value per channel, of byte / 255.
      MEAN = \(list(network.normalization.mean))
      STD = \(list(network.normalization.divisors))


      def normalize(images):
          \"""Normalises images, N x C x H x W bytes, for the network.\"""
          mean = torch.tensor(MEAN, dtype=torch.float64, device=images.device).view(-1, 1, 1)
          std = torch.tensor(STD, dtype=torch.float64, device=images.device).view(-1, 1, 1)
          return ((images.double() / 255 - mean) / std).float()


      class Network(nn.Module):
          def __init__(self):
              super().__init__()
      \(lines(body.modules))

          def forward(self, x):
              \"""Logits, N x \(network.architecture.classes), of normalised images.\"""
      \(lines(body.statements))
              return x


      def load(path=pathlib.Path(__file__).parent / \(try literal(weights))):
          \"""Returns the trained network, in evaluation mode.\"""
          network = Network()
          network.load_state_dict(load_file(path))
          return network.eval()

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
