#!/usr/bin/env python3
"""Makes models/accurate.model of the encoder and a checkpoint of teacher.py.

    python export.py --encoder enc/e5-small-q4.bin --checkpoint teacher-fp16.pt \
        --data ../../../shared/data --knowledge ../../data/knowledge --out ../../models/accurate.model

The products get 8-bit weights with a scale for each output; the embedding keeps its 4-bit blocks and loses the pieces that
German and English text does not use. crates/lagebild-nlp/src/accurate reads the file: the order of what is written here is the
order in which it reads. The same input gives the same bytes.
"""
import argparse
import collections
import json
import os
import re
import struct

import blake3
import numpy as np
import torch
import zstandard

import teacher as T

NAME = "accurate-0.1.0"
FORMAT = 1001
PANEL = 16                       # outputs that the program computes together
TAG_WIDTH = 64
BESIDE = 16                      # a one beside the numbers of a word, for relations, and room
# The features that the program knows, in its order; the value 0 of each is "none".
GROUPS = {"Case": 4, "Number": 2, "Gender": 3, "Person": 3, "Tense": 2, "Mood": 3, "VerbForm": 4, "Degree": 3}
# The treebank whose habits each language gets: for trees, parts of speech, features.
BANKS = {"de": ("gsd", "gsd", "gsd"), "en": ("ewt", "ewt", "ewt")}


# --------------------------------------------------------------------------
# Pieces
# --------------------------------------------------------------------------


def forms(data, knowledge):
    """Word forms of treebanks, news and frequency lists, and the names of the tables."""
    seen = set()
    lang = os.path.join(data, "lang")
    for folder in ("ud-german-gsd-dev", "ud-german-hdt-pieces", "ud-english-ewt", "ud-english-gum-open", "de-silver-trees"):
        for name in sorted(os.listdir(os.path.join(lang, folder))):
            if ".conllu" in name and ".pos" not in name:
                for line in T.opened(os.path.join(lang, folder, name)):
                    if line[:1].isdigit():
                        seen.add(line.split("\t")[1])
    word = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")
    for name in ("ntrex128_de_en_sentences.jsonl", "wikinews_de_articles.jsonl"):
        for line in T.opened(os.path.join(data, "news", name)):
            for value in json.loads(line).values():
                if isinstance(value, str):
                    seen.update(word.findall(value))
    for code in ("de", "en"):
        for line in T.opened(os.path.join(lang, "brown-clusters-" + code, "clusters.tsv.xz")):
            seen.add(line.split("\t")[0])
    for name in ("places.tsv", "office-holders.tsv", "organisations.tsv"):
        for line in T.opened(os.path.join(knowledge, name)):
            if not line.startswith("#"):
                seen.update(word.findall(" ".join(line.split("\t")[:3])))
    return seen


def kept_pieces(enc, sub, words):
    """Pieces that the best segmentation of a word uses, and single characters of European scripts and marks, so that
    what is left can always be cut."""
    used = collections.Counter()
    for word in words:
        for spaced in (True, False):
            used.update(set(sub.word(word, spaced)))
    special = {enc.unk, enc.bos, enc.eos, enc.pad}
    for i, piece in enumerate(enc.pieces):
        bare = piece.lstrip(T.Subwords.MARK)
        if len(bare) <= 1 and all(ord(c) < 0x530 or 0x2000 <= ord(c) < 0x2C00 for c in bare):
            used[i] += 1
    return sorted(i for i in used if i not in special and enc.pieces[i])


# --------------------------------------------------------------------------
# Writing
# --------------------------------------------------------------------------


class Body:
    def __init__(self):
        self.parts = []

    def size(self, n):
        self.parts.append(struct.pack("<I", n))

    def text(self, s):
        raw = s.encode()
        self.size(len(raw))
        self.parts.append(raw)

    def array(self, a, dtype):
        self.parts.append(np.ascontiguousarray(a, dtype=dtype).tobytes())

    def floats(self, a):
        self.array(a.detach().numpy() if torch.is_tensor(a) else a, "<f4")

    def layer(self, weight, bias):
        """weight[output, input]: 8 bits, a scale for each output, in panels of outputs and pairs (k, k + inputs / 2)."""
        w, b = weight.detach().numpy().astype(np.float32), bias.detach().numpy()
        outputs, inputs = w.shape
        assert outputs % PANEL == 0 and inputs % 2 == 0
        scale = np.abs(w).max(1) / 127.0
        steps = np.divide(w, scale[:, None], out=np.zeros_like(w), where=scale[:, None] > 0)
        self.floats(scale)
        self.floats(b)
        q = np.rint(steps).astype(np.int8)
        self.array(q.reshape(outputs // PANEL, PANEL, 2, inputs // 2).transpose(0, 3, 1, 2), "i1")

    def linear(self, module):
        self.layer(module.weight, module.bias)


def blocks(path, enc, rows):
    """The 4-bit blocks of some rows of the embedding as they stand in the file of the encoder."""
    name, per_row = b"emb.word", enc.hidden // T.BLOCK
    buf = open(path, "rb").read()
    at = buf.index(struct.pack("<H", len(name)) + name) + 2 + len(name)
    _, count, off, size = struct.unpack_from("<BIQQ", buf, at)
    assert count == enc.vocab * enc.hidden and size == count // T.BLOCK * 18
    raw = np.frombuffer(buf, np.dtype([("scale", "<u2"), ("q", "u1", 16)]), count // T.BLOCK, off)
    raw = raw.reshape(enc.vocab, per_row)[rows]
    return raw["scale"], raw["q"]


def tag_layer(model, banks):
    """Rows of the outputs in the order of the program: parts of speech of one bank, features of another."""
    _, for_upos, for_feats = (T.BANKS.index(b) for b in banks)
    n = len(T.UPOS)
    weights = [model.upos.weight[for_upos * n:(for_upos + 1) * n]]
    bias = [model.upos.bias[for_upos * n:(for_upos + 1) * n]]
    for feature, values in GROUPS.items():
        start = for_feats * T.FEAT_WIDTH + T.FEAT_SLICES[feature][0]
        weights.append(model.feats.weight[start:start + values + 1])
        bias.append(model.feats.bias[start:start + values + 1])
    weights, bias = torch.cat(weights), torch.cat(bias)
    room = TAG_WIDTH - len(bias)
    return torch.cat([weights, weights.new_zeros(room, weights.shape[1])]), torch.cat([bias, bias.new_zeros(room)])


def label_layer(model):
    """The biaffine form of each relation, the one beside the numbers included, padded."""
    n = len(model.rel_names)
    k = model.rel_d[0].out_features
    form = model.rel_w.view(k + 1, n, k + 1)
    wide = form.new_zeros(n, k + BESIDE, k + BESIDE)
    wide[:, :k + 1, :k + 1] = form.permute(1, 2, 0)            # relation, output, input
    weights = wide.reshape(n * (k + BESIDE), k + BESIDE)
    return weights, weights.new_zeros(len(weights))


def spoken(model, data):
    """For each relation whether German and English text may bear it."""
    src, _, _ = T.load_gold(os.path.join(data, "lang"))
    count = collections.Counter(r for s in src["ewt"] for r in s.rels)
    return [(r in model.german, count[r] >= 3) for r in model.rel_names]


@torch.no_grad()
def export(args):
    model, sub = T.load(args.encoder, args.checkpoint)
    enc = T.EncoderFile(args.encoder)
    banks = dict(BANKS)
    if args.german:
        banks["de"] = tuple(args.german.split(","))
    pieces = kept_pieces(enc, sub, forms(args.data, args.knowledge))
    print(len(pieces), "pieces of", len(enc.pieces))

    body = Body()
    body.text(NAME)
    for words in (T.NO_SPACE_BEFORE, T.NO_SPACE_AFTER):
        body.size(len(words))
        for word in sorted(words):
            body.text(word)
    body.floats(np.array([enc.scores.min()]))
    body.size(len(pieces))
    body.floats(enc.scores[pieces])
    for i in pieces:
        body.text(enc.pieces[i])
    body.size(len(enc.norm))
    for cp, written in sorted(enc.norm.items()):
        body.size(cp)
        body.text(written)

    coder = model.encoder
    for n in (enc.hidden, enc.layers, enc.heads, enc.ff, enc.max_pos):
        body.size(n)
    scales, weights = blocks(args.encoder, enc, [enc.bos, enc.eos, enc.unk] + pieces)
    body.array(scales, "<u2")
    body.array(weights, "u1")
    body.floats(coder.fixed)
    body.floats(np.array([enc.eps]))

    def norm(module):
        body.floats(module.weight)
        body.floats(module.bias)

    norm(coder.norm)
    for layer in coder.layers:
        body.linear(layer.qkv)
        body.linear(layer.out)
        norm(layer.norm1)
        body.linear(layer.up)
        body.linear(layer.down)
        norm(layer.norm2)
    body.floats(torch.softmax(model.mix, 1) * model.mix_scale[:, None])

    for module in (model.tag_mlp, model.arc_d, model.rel_d):
        body.size(module[0].out_features)
    body.size(len(model.rel_names))
    for name, flags in zip(model.rel_names, spoken(model, args.data)):
        body.text(name)
        body.array(np.array(flags), "u1")
    body.linear(model.tag_mlp[0])
    body.linear(model.arc_d[0])
    body.linear(model.arc_h[0])
    body.layer(model.arc_w.T, model.arc_b)
    body.linear(model.rel_d[0])
    body.linear(model.rel_h[0])
    body.layer(*label_layer(model))
    for code in ("de", "en"):
        body.layer(*tag_layer(model, banks[code]))
        body.floats(model.bank.weight[T.BANKS.index(banks[code][0])] + model.tag_in.weight[0])

    packed = zstandard.ZstdCompressor(level=19).compress(b"".join(body.parts))
    with open(args.out, "wb") as f:
        f.write(b"LAGEBILD" + struct.pack("<I", FORMAT) + blake3.blake3(packed).digest() + packed)
    print("%.1f MB" % (os.path.getsize(args.out) / 1e6))


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--encoder", required=True)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--data", required=True, help="the folder with lang and news")
    p.add_argument("--knowledge", required=True, help="data/knowledge of the repository")
    p.add_argument("--out", required=True)
    p.add_argument("--german", help="treebanks of German for trees, parts of speech, features: gsd,gsd,gsd")
    export(p.parse_args())
