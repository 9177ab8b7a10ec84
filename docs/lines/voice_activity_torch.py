"""Is there speech? A probability for each fourth frame of padded sequences of spectra."""

import torch
from torch import nn


class VoiceActivity(nn.Module):
    def __init__(self, frame=129, channels=64, hidden=128):
        super().__init__()
        self.convs = nn.ModuleList([
            nn.Conv1d(frame, hidden, 3, padding=1),
            nn.Conv1d(hidden, channels, 3, padding=1, stride=2),
            nn.Conv1d(channels, channels, 3, padding=1, stride=2),
            nn.Conv1d(channels, hidden, 3, padding=1),
        ])
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x, lengths):
        x = x.transpose(1, 2)
        alive = torch.arange(x.shape[2]) < lengths[:, None]
        for conv in self.convs:
            x = torch.relu(conv(x * alive[:, None]))
            alive = alive[:, ::conv.stride[0]]
        hidden, _ = self.lstm(x.transpose(1, 2))
        return torch.sigmoid(self.fc(hidden))[..., 0] * alive
