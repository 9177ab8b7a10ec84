"""Convolutions over ragged sequences, written in PyTorch; see models.py for how a model is called."""

import torch
from torch import nn

import ragged
from models import Model


class VoiceActivity(Model):
    """examples/voice_activity.seq"""

    def __init__(self, frame=129, channels=64, hidden=128):
        super().__init__()
        self.inputs = {"x": ("T", frame)}
        self.conv1 = nn.Conv1d(frame, hidden, 3, padding=1)
        self.conv2 = nn.Conv1d(hidden, channels, 3, padding=1, stride=2)
        self.conv3 = nn.Conv1d(channels, channels, 3, padding=1, stride=2)
        self.conv4 = nn.Conv1d(channels, hidden, 3, padding=1)
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def features(self, x):
        x = x.transpose(1, 2)
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = torch.relu(conv(x))
        return x.transpose(1, 2)

    def features_of_each(self, x, lengths):
        """One by one, for PyTorch's convolutions know no lengths."""
        features = x.new_zeros(x.shape[0], (x.shape[1] + 3) // 4, self.fc.in_features)
        for sample, length in enumerate(lengths.tolist()):
            if length:
                features[sample, : (length + 3) // 4] = self.features(x[sample : sample + 1, :length])[0]
        return features

    def forward(self, inputs, lengths, states):
        x, lengths = inputs["x"], lengths["T"]
        features = self.features(x) if lengths is None else self.features_of_each(x, lengths)
        lengths = lengths if lengths is None else (lengths + 3) // 4
        outputs, (h, c) = ragged.scan(self.lstm, features, lengths, states)
        speech = torch.sigmoid(self.fc(outputs))
        return {"speech": ragged.padded(speech, lengths)[:, :, 0], "h": h, "c": c}
