"""Models over two sequences, a source and a target, written in PyTorch; see models.py for how a model is called."""

import torch
from torch import nn

import ragged
from models import Model


class EncoderDecoder(Model):
    """examples/encoder_decoder.seq"""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.inputs = {"source": ("S", inputs), "target": ("T", inputs)}
        self.encoder = nn.LSTM(inputs, hidden, batch_first=True)
        self.decoder = nn.LSTM(inputs, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, outputs)

    def forward(self, inputs, lengths, states):
        _, final = ragged.scan(self.encoder, inputs["source"], lengths["S"], states)
        outputs, _ = ragged.scan(self.decoder, inputs["target"], lengths["T"], final)
        return {"output": ragged.padded(self.fc(outputs), lengths["T"]), "h": final[0], "c": final[1]}


class EncoderDecoderOfWords(EncoderDecoder):
    """examples/encoder_decoder_of_words.seq, whose words PyTorch is given as vectors with a one in their place."""

    def __init__(self, words, hidden, outputs):
        super().__init__(words, hidden, outputs)
        self.words = words
        self.inputs = {"source": ("S", words, "token"), "target": ("T", words, "token")}

    def forward(self, inputs, lengths, states):
        target = inputs["target"]
        words = {"source": inputs["source"], "target": torch.cat((torch.zeros_like(target[:, :1]), target[:, :-1]), 1)}
        number = self.fc.weight.dtype
        return super().forward({name: self.vectors(text).to(number) for name, text in words.items()}, lengths, states)

    def vectors(self, text):
        return nn.functional.one_hot(text, self.words)


class Attention(nn.Module):
    """Of a state [B, H] over outputs [B, S, H], as tutorials write it."""

    def __init__(self, hidden):
        super().__init__()
        self.inner = nn.Linear(2 * hidden, hidden)
        self.outer = nn.Linear(hidden, 1)

    def forward(self, query, memory, lengths):
        repeated = query[:, None].expand(-1, memory.shape[1], -1)
        scores = self.outer(torch.tanh(self.inner(torch.cat((repeated, memory), 2))))[:, :, 0]
        weights = ragged.softmax(scores, lengths)
        return ragged.read(weights[:, None], memory, lengths)[:, 0], weights


class Attend(Model):
    """examples/attention.seq"""

    def __init__(self, hidden=5):
        super().__init__()
        self.inputs = {"query": ("", hidden), "memory": ("S", hidden)}
        self.attention = Attention(hidden)

    def forward(self, inputs, lengths, states):
        context, weights = self.attention(inputs["query"], inputs["memory"], lengths["S"])
        return {"context": context, "weights": weights}


class AdditiveAttention(nn.Module):
    """By weights of its own for query and memory."""

    def __init__(self, hidden):
        super().__init__()
        self.weight_query = nn.Parameter(torch.zeros(hidden, hidden))
        self.weight_memory = nn.Parameter(torch.zeros(hidden, hidden))
        self.bias = nn.Parameter(torch.zeros(hidden))
        self.score = nn.Parameter(torch.zeros(hidden))

    def forward(self, query, memory, lengths):
        hidden = torch.tanh((query @ self.weight_query.T)[:, None] + memory @ self.weight_memory.T + self.bias)
        weights = ragged.softmax(hidden @ self.score, lengths)
        return ragged.read(weights[:, None], memory, lengths)[:, 0], weights


class AttentiveStep(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.lstm = nn.LSTMCell(inputs + hidden, hidden)
        self.attention = AdditiveAttention(hidden)

    def forward(self, x, memory, lengths, context, h, c):
        h, c = self.lstm(torch.cat((x, context), 1), (h, c))
        context, weights = self.attention(h, memory, lengths)
        return (torch.cat((h, context), 1), weights), (context, h, c)


class AttentiveDecoder(Model):
    """examples/attentive_decoder.seq"""

    def __init__(self, inputs=4, hidden=5, outputs=6):
        super().__init__()
        self.inputs = {"source": ("S", inputs), "target": ("T", inputs)}
        self.encoder = nn.LSTM(inputs, hidden, batch_first=True)
        self.decoder = AttentiveStep(inputs, hidden)
        self.fc = nn.Linear(2 * hidden, outputs)

    def forward(self, inputs, lengths, states):
        memory, (h, c) = ragged.scan(self.encoder, inputs["source"], lengths["S"], states)

        def step(x, *states):
            return self.decoder(x, memory, lengths["S"], *states)

        (outputs, weights), _ = ragged.steps(step, inputs["target"], lengths["T"], [torch.zeros_like(h[0]), h[0], c[0]])
        return {"output": ragged.padded(self.fc(outputs), lengths["T"]), "weights": weights, "h": h, "c": c}
