"""Writes judge.json: inputs and results of the reference implementation beside this file."""
import json
import random

import judge_ref as ref

draw = random.Random(20_24)


def counts(n, p):
    return sum(draw.random() < p for _ in range(n)) if n < 400 else max(0, min(n, round(draw.gauss(n * p, (n * p * (1 - p)) ** .5))))


def ticks(length, rps, steps, base, bad, onset=0, lone=None, over=1.0):
    """[seconds, xc, xs, nc, ns, over] with a weight per step; lone: tick from which there is no control."""
    made = []
    for t in range(length):
        weight = steps[min(len(steps) - 1, t * len(steps) // length)]
        weight = 1 if lone and lone[0] <= t < lone[1] else weight
        n = counts(int(rps * 1.4) + 1, .7)
        nc = counts(n, weight)
        xc = counts(nc, bad if t >= onset else base)
        made.append([1, xc, counts(n - nc, base), nc, n - nc, min(nc, xc + counts(nc, .002))])
    return made


def stakes():
    rows = []
    for _ in range(300):
        k = draw.choice([.125, .375, .5, 1.25, 1.5, 2, 5, 30, 1000])
        rate, r0 = draw.choice([.0005, .001, .01, .2]), draw.choice([0, 1, 1.2, 2])
        delta = draw.choice([0, .001, .005, .02]) if r0 else draw.choice([.001, .01])
        nc, ns = draw.choice([0, 1, 5, 50, 400]), draw.choice([0, 1, 95, 950, 9500])
        m = ref.stake(k, rate, r0, delta, nc, ns)
        xc, xs = draw.choice([0, 1, 3, 20]), draw.choice([0, 1, 7]) if ns else 0
        if nc == 0:
            xc = 0
        f = ref.log_factor(m, xc, xs, nc, ns, r0, delta) if ns or r0 == 0 else 0
        rows.append({"in": [k, rate, r0, delta, nc, ns, xc, xs], "out": [m, None if f == -ref.math.inf else f]})
    return rows


def streams():
    rows = []
    shapes = [dict(), dict(points=.005), dict(limit=.01), dict(ratio=1.0, points=.005, limit=.02), dict(exact=False),
              dict(exact=False, ratio=None, limit=.01), dict(ratio=1.5, limit=.005, exact=False, history=(12, 9000)),
              dict(limit=.01, history=(3, 50_000))]
    worlds = [(20, [.05], .001, .05, 0, None), (100, [.05, .25, .5], .001, .001, 0, None), (100, [.05], .005, .02, 15, None),
              (300, [.1, .5], .001, .004, 30, (25, 55)), (5, [.05, .3], .01, .2, 10, None), (100, [.5], .02, .001, 0, None)]
    for shape in shapes:
        for rps, steps, base, bad, onset, lone in worlds:
            stream, world, es = ref.Stream(**shape), ticks(60, rps, steps, base, bad, onset, lone), []
            for t, tick in enumerate(world):
                if t == 40:
                    stream.step()
                stream.tick(*tick)
                if t % 6 == 5:
                    limits = stream.safe_limit.e if stream.safe_limit else -1
                    es.append([stream.e, stream.equal.e, stream.safe.e, limits, 1 if stream.harmless else 0])
            rows.append({"shape": {k: v for k, v in shape.items()}, "noSecondTest": "ratio" in shape and shape["ratio"] is None,
                         "ticks": world, "es": es})
    return rows


def means():
    rows = []
    for limit, level, worse, noise in [(None, .5, 0, .02), (None, .5, .15, .05), (.8, .7, .2, .03), (.8, .9, 0, .03), (None, 90, 20, 10)]:
        mean, pairs, es = ref.Mean(limit), [], []
        for t in range(240):
            pair = [round(draw.gauss(level + worse, noise), 4), round(draw.gauss(level, noise), 4)]
            pairs.append(pair)
            mean.tick(*pair)
            if t % 20 == 19:
                es.append(mean.e)
        rows.append({"limit": limit, "pairs": pairs, "es": es})
    return rows


def rest():
    bounds = [[[2, 100, 0, 1900]], [[24, 503, 9, 9540]], [[3, 500, 0, 9500]], [[10, 1000, 19, 19000]], [[5, 1000, 95, 19000]],
              [[4, 200, 2, 3800], [9, 1000, 3, 3000]], [[400, 500, 1, 9500]], [[60, 5000, 40, 5000], [30, 1000, 10, 1000]]]
    return {
        "atLeast": [{"steps": b, "out": ref.at_least([(xc, nc, xs, ns) for xc, nc, xs, ns in b])} for b in bounds],
        "eBh": [{"es": es, "out": ref.e_bh(es)} for es in ([1, 2, 3], [200, 1, .5], [59, 61, 1], [40, 40, 40], [1e9, 25, 0, 31, 80])],
        "crashes": [{"in": c, "out": ref.crashes_needed(*c)} for c in ([0, 0, 4, .5], [3, 200, 4, 1], [0, 5000, 2, .1], [40, 100, 10, 2])],
        "split": [{"in": s, "out": ref.log_split(*s)} for s in ([50, 950, .05], [700, 9300, .05], [5200, 4800, .5], [0, 400, .1], [123456, 1876544, .06])],
        "bins": [{"ms": ms, "out": ref.bin_of(ms)} for ms in (0, .01, .5, 1, 1.02, 1.0201, 7, 99.9, 200, 240, 30_000, 1.02 ** 77)],
        "t": [{"in": [n, t], "out": ref.t_factor(n, t)} for n in (5, 12, 80) for t in (-3.0, 0.0, .7, 4.2, 15.0)],
    }


with open("judge.json", "w") as out:
    json.dump({"stakes": stakes(), "streams": streams(), "means": means(), **rest()}, out, separators=(",", ":"))
    out.write("\n")
