"""Recurrences and softmax over ragged batches, in PyTorch.

Lengths are i64[B], or None where all samples are full. Samples of length 0, which PyTorch refuses, are left out of the
call: their states stay, their outputs are zero, as all padding is.
"""

import torch


def live(x, lengths, axis=1):
    """bool[B, T] (with axes of size one up to the rank of `x`): which positions along `axis` are the samples' own."""
    places = torch.arange(x.shape[axis]).reshape([-1 if place == axis else 1 for place in range(x.dim())])
    return places < lengths.reshape([-1] + [1] * (x.dim() - 1))


def padded(x, lengths, axis=1):
    """`x` with zero in its padding."""
    if lengths is None:
        return x
    return torch.where(live(x, lengths, axis), x, torch.zeros_like(x))


def softmax(scores, lengths):
    """Over the last axis, of the samples' own positions alone; nothing where there are none."""
    if lengths is None:
        return torch.softmax(scores, scores.dim() - 1)
    own = live(scores, lengths, scores.dim() - 1)
    weights = torch.softmax(scores.masked_fill(~own, float("-inf")), scores.dim() - 1)
    return torch.where(own, weights, torch.zeros_like(weights))


def read(weights, memory, lengths):
    """[B, ..., S] over [B, S, H]: what the weights read."""
    return weights @ padded(memory, lengths)


def scan(layer, x, lengths, states):
    """Runs nn.RNN, nn.LSTM or nn.GRU: outputs [B, T, .], then final states. `states` None: zero."""
    is_lstm = isinstance(layer, torch.nn.LSTM)
    rows = layer.num_layers * (2 if layer.bidirectional else 1)
    width = layer.proj_size or layer.hidden_size
    if states is None:
        states = [x.new_zeros(rows, x.shape[0], size) for size in (width, layer.hidden_size)[: 2 if is_lstm else 1]]
    if lengths is None:
        outputs, final = layer(x, tuple(states) if is_lstm else states[0])
        return outputs, list(final) if is_lstm else [final]
    some = torch.nonzero(lengths > 0)[:, 0]
    outputs = x.new_zeros(x.shape[0], x.shape[1], width * (2 if layer.bidirectional else 1))
    finals = [state.clone() for state in states]
    if len(some):
        packed = torch.nn.utils.rnn.pack_padded_sequence(x[some], lengths[some], batch_first=True, enforce_sorted=False)
        initial = [state[:, some].contiguous() for state in states]
        packed, final = layer(packed, tuple(initial) if is_lstm else initial[0])
        outputs[some] = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])[0]
        for state, value in zip(finals, final if is_lstm else [final]):
            state[:, some] = value
    return outputs, finals


def chosen(own, new, old):
    """By sample."""
    return torch.where(own.reshape([-1] + [1] * (new.dim() - 1)), new, old)


def steps(step, x, lengths, states):
    """Runs a Python function of one step, from (x [B, .], *states) to (results, states): its results [B, T, ...] and
    final states."""
    results = []
    for t in range(x.shape[1]):
        stepped, after = step(x[:, t], *states)
        if lengths is not None:
            stepped = [chosen(t < lengths, result, torch.zeros_like(result)) for result in stepped]
            after = [chosen(t < lengths, new, old) for new, old in zip(after, states)]
        states = after
        results.append(stepped)
    return [torch.stack(of_all, 1) for of_all in zip(*results)], list(states)


def turned(x, lengths):
    """Each sample's own positions from last to first."""
    if lengths is None:
        return x.flip(1)
    places = torch.arange(x.shape[1])
    order = torch.where(places < lengths[:, None], lengths[:, None] - 1 - places, places)
    return torch.gather(x, 1, order[:, :, None].expand(-1, -1, x.shape[2]))
