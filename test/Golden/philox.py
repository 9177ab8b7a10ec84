"""The random numbers of the golden files: the same bits here and in test/EndToEnd/Draw.h.

Philox4x32-10 over logical coordinates:

    stream(seed, site)       = the first two words of Philox(key = seed low, high; counter = 0, 0, site, 0)
    word(seed, site, i)      = word i mod 4 of Philox(key = stream; counter = i div 4, 0, 0, 0)
    uniform(seed, site, i, b) = (2 * (word >> 8) * 2^-24 - 1) * b      in f32: one rounding, in the product
    below(seed, site, i, n)  = ((word >> 8) * n) >> 24                 in integers
"""

import numpy as np


def philox(key, counter):
    """Philox4x32-10 of Salmon et al., 2011; arrays of u32 as u64 numbers."""
    k0, k1 = key
    c0, c1, c2, c3 = counter
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> np.uint64(32)) ^ c1 ^ k0, p1 & low, (p0 >> np.uint64(32)) ^ c3 ^ k1, p0 & low
        k0 = (k0 + np.uint64(0x9E3779B9)) & low
        k1 = (k1 + np.uint64(0xBB67AE85)) & low
    return c0, c1, c2, c3


def bits(seed, site, count):
    """`count` draws of 24 bits."""
    u = np.uint64
    k0, k1, _, _ = philox((u(seed & 0xFFFFFFFF), u(seed >> 32)), (u(0), u(0), u(site), u(0)))
    blocks = np.arange((count + 3) // 4, dtype=u)
    zero = np.zeros_like(blocks)
    words = np.stack(philox((k0, k1), (blocks, zero, zero, zero)), axis=1)
    return words.reshape(-1)[:count] >> u(8)


def uniform(seed, site, shape, bound):
    drawn = bits(seed, site, int(np.prod(shape))).astype(np.float32) * np.float32(2.0**-24)
    return ((np.float32(2) * drawn - np.float32(1)) * np.float32(bound)).reshape(shape)


def below(seed, site, shape, limit):
    drawn = bits(seed, site, int(np.prod(shape)))
    return ((drawn * np.uint64(limit)) >> np.uint64(24)).astype(np.int64).reshape(shape)
