"""The models of examples/ and the library's recurrences, written in PyTorch.

A model says what its inputs are: name -> (dimension, width), or (dimension, vocabulary, "token"); the dimension is a letter,
or "" for an input without one. It is called with the inputs and the lengths of each dimension (None: all full), both by name,
and with initial states [rows, B, ...] in PyTorch's order (None: as the model begins), and returns its results by name.
"""

import torch
from torch import nn

import ragged


class Model(nn.Module):
    inputs = {"x": ("T", 3)}


class Recurrent(Model):
    """nn.RNN, nn.LSTM or nn.GRU by itself."""

    def __init__(self, kind, layers, directions, inputs=3, hidden=5):
        super().__init__()
        cell = {"lstm": nn.LSTM, "gru": nn.GRU}.get(kind, nn.RNN)
        options = {"nonlinearity": kind[4:]} if cell is nn.RNN else {}
        self.rnn = cell(inputs, hidden, layers, bidirectional=directions == 2, batch_first=True, **options)

    def forward(self, inputs, lengths, states):
        outputs, finals = ragged.scan(self.rnn, inputs["x"], lengths["T"], states)
        return dict(zip(("output", "h", "c"), (outputs, *finals)))


class StepByStep(Model):
    """A cell written as a Python function `step(x, *states)` of one step, which gives (results, states). Its results and
    states are named by `results` and `begin`, which has each state's shape and first value."""

    results = ("output",)
    begin = {"h": ((5,), 0)}

    def forward(self, inputs, lengths, states):
        x = inputs["x"]
        states = self.first(x, states)
        outputs, finals = ragged.steps(self.step, x, lengths["T"], states)
        return dict(zip((*self.results, *self.begin), (*outputs, *(state[None] for state in finals))))

    def first(self, x, states):
        if states is not None:
            return [state[0] for state in states]
        return [x.new_full((x.shape[0], *shape), value) for shape, value in self.begin.values()]


class PlainRNN(StepByStep):
    """examples/rnn.seq"""

    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.W_x = nn.Parameter(torch.zeros(hidden, inputs))
        self.W_h = nn.Parameter(torch.zeros(hidden, hidden))
        self.b = nn.Parameter(torch.zeros(hidden))

    def step(self, x, h):
        h = torch.tanh(x @ self.W_x.T + h @ self.W_h.T + self.b)
        return (h,), (h,)


class LSTMByHand(StepByStep):
    """examples/lstm_by_hand.seq"""

    begin = {"h": ((5,), 0), "c": ((5,), 0)}

    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.gates = nn.Linear(inputs + hidden, 4 * hidden)

    def step(self, x, h, c):
        i, f, g, o = self.gates(torch.cat((x, h), 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return (h,), (h, c)


class SentimentClassifier(Model):
    """examples/sentiment.seq"""

    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.inputs = {"text": ("T", vocabulary, "token")}
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, 2, bidirectional=True, batch_first=True, dropout=0.3)
        self.fc = nn.Linear(2 * hidden, 1)

    def forward(self, inputs, lengths, states):
        _, (h, _) = ragged.scan(self.lstm, self.embedding(inputs["text"]), lengths["T"], states)
        return {"logit": self.fc(torch.cat((h[-2], h[-1]), 1))[:, 0]}


class SentimentGRU(Model):
    """examples/sentiment_gru.seq"""

    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.inputs = {"text": ("T", vocabulary, "token")}
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.gru = nn.GRU(embedding, hidden, 2, bidirectional=True, batch_first=True, dropout=0.3)
        self.fc = nn.Linear(2 * hidden, 1)

    def forward(self, inputs, lengths, states):
        _, (h,) = ragged.scan(self.gru, self.embedding(inputs["text"]), lengths["T"], states)
        return {"logit": self.fc(torch.cat((h[-2], h[-1]), 1))[:, 0]}


class SentimentAttention(Model):
    """examples/sentiment_attention.seq"""

    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.inputs = {"text": ("T", vocabulary, "token")}
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, 2, bidirectional=True, batch_first=True, dropout=0.3)
        self.attention = nn.Linear(2 * hidden, 1)
        self.fc = nn.Linear(2 * hidden, 1)

    def forward(self, inputs, lengths, states):
        outputs, _ = ragged.scan(self.lstm, self.embedding(inputs["text"]), lengths["T"], states)
        weights = ragged.softmax(self.attention(outputs)[:, :, 0], lengths["T"])
        context = torch.einsum("bt,bth->bh", weights, outputs)
        return {"logit": self.fc(context)[:, 0], "weights": weights}


class TimeSeriesRNN(Model):
    """examples/time_series.seq"""

    inputs = {"x": ("T", 1)}

    def __init__(self, hidden=64):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, 2, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, inputs, lengths, states):
        outputs, (h, c) = ragged.scan(self.lstm, inputs["x"], lengths["T"], states)
        return {"output": ragged.padded(self.fc(outputs), lengths["T"]), "h": h, "c": c}


class LanguageModel(Model):
    """examples/language_model.seq"""

    def __init__(self, vocabulary, width):
        super().__init__()
        self.inputs = {"text": ("T", vocabulary, "token")}
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, width, 2, batch_first=True, dropout=0.5)
        self.fc = nn.Linear(width, vocabulary)
        self.fc.weight = self.embedding.weight

    def forward(self, inputs, lengths, states):
        outputs, (h, c) = ragged.scan(self.lstm, self.embedding(inputs["text"]), lengths["T"], states)
        return {"scores": ragged.padded(self.fc(outputs), lengths["T"]), "h": h, "c": c}
