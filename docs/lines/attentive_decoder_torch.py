"""From one padded sequence to another: at each step the decoder attends over all that the encoder has said."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AttentiveDecoder(nn.Module):
    def __init__(self, inputs=4, hidden=5, outputs=6):
        super().__init__()
        self.encoder = nn.LSTM(inputs, hidden, batch_first=True)
        self.decoder = nn.LSTMCell(inputs + hidden, hidden)
        self.of_query = nn.Linear(hidden, hidden)
        self.of_memory = nn.Linear(hidden, hidden, bias=False)
        self.score = nn.Linear(hidden, 1, bias=False)
        self.fc = nn.Linear(2 * hidden, outputs)

    def attend(self, query, memory, alive):
        scores = self.score(torch.tanh(self.of_memory(memory) + self.of_query(query)[:, None]))[..., 0]
        weights = torch.softmax(scores.masked_fill(~alive, -torch.inf), 1)
        return (weights[..., None] * memory).sum(1), weights

    def forward(self, source, source_lengths, target, target_lengths):
        packed = pack_padded_sequence(source, source_lengths, batch_first=True, enforce_sorted=False)
        memory, (h, c) = self.encoder(packed)
        memory, _ = pad_packed_sequence(memory, batch_first=True, total_length=source.shape[1])
        heard = torch.arange(source.shape[1]) < source_lengths[:, None]
        h, c = h[0], c[0]
        context = torch.zeros_like(h)
        outputs, looks = [], []
        for t in range(target.shape[1]):
            h, c = self.decoder(torch.cat((target[:, t], context), 1), (h, c))
            context, weights = self.attend(h, memory, heard)
            outputs.append(self.fc(torch.cat((h, context), 1)))
            looks.append(weights)
        alive = (torch.arange(target.shape[1]) < target_lengths[:, None])[..., None]
        return torch.stack(outputs, 1) * alive, torch.stack(looks, 1) * alive
