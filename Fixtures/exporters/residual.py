"""The network 'residual', trained by rso without gradients."""
import pathlib

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

# Mean and deviation of the training set's pixels, one value per channel, of byte / 255.
MEAN = [0.4, 0.47000000000000003, 0.54]
STD = [0.2, 0.23, 0.26]


def normalize(images):
    """Normalises images, N x C x H x W bytes, for the network."""
    mean = torch.tensor(MEAN, dtype=torch.float64, device=images.device).view(-1, 1, 1)
    std = torch.tensor(STD, dtype=torch.float64, device=images.device).view(-1, 1, 1)
    return ((images.double() / 255 - mean) / std).float()


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, padding=1, bias=False)
        self.conv1_norm = nn.BatchNorm2d(6, eps=1e-05)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.conv2_norm = nn.BatchNorm2d(6, eps=1e-05)
        self.conv3_projection = nn.Conv2d(6, 8, 1, padding=0, bias=False)
        self.conv3_projection_norm = nn.BatchNorm2d(8, eps=1e-05)
        self.conv3 = nn.Conv2d(6, 8, 3, padding=1, bias=False)
        self.conv3_norm = nn.BatchNorm2d(8, eps=1e-05)
        self.conv4 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.conv5_projection = nn.Conv2d(8, 8, 1, padding=0, bias=False)
        self.conv5_projection_norm = nn.BatchNorm2d(8, eps=1e-05)
        self.conv5 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.conv5_norm = nn.BatchNorm2d(8, eps=1e-05)
        self.fc = nn.Linear(8, 5, bias=False)

    def forward(self, x):
        """Logits, N x 5, of normalised images."""
        x = self.conv1(x)
        x2 = x = self.conv1_norm(x)
        x = F.relu(x)
        x = self.conv2(x)
        x = x + x2
        x = F.avg_pool2d(x, 2)
        x7 = x = self.conv2_norm(x)
        x = self.conv3_projection(x)
        x9 = x = self.conv3_projection_norm(x)
        x = F.relu(x7)
        x = self.conv3(x)
        x = x + x9
        x = F.avg_pool2d(x, 2)
        x14 = x = self.conv3_norm(x)
        x = F.relu(x)
        x = self.conv4(x)
        x17 = x = x + x14
        x = self.conv5_projection(x)
        x19 = x = self.conv5_projection_norm(x)
        x = F.relu(x17)
        x = self.conv5(x)
        x = x + x19
        x = self.conv5_norm(x)
        x = F.relu(x)
        x = F.adaptive_avg_pool2d(x, 1)
        x = x.flatten(1)
        x = self.fc(x)
        return x


def load(path=pathlib.Path(__file__).parent / "residual.safetensors"):
    """Returns the trained network, in evaluation mode."""
    network = Network()
    network.load_state_dict(load_file(path))
    return network.eval()
