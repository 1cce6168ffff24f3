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


ACCOUNTS = {"harm": ref.HARM, "tolerance": ref.TOLERANCE, "limit": ref.LIMIT, "safe": ref.SAFE, "safeLimit": ref.SAFE_LIMIT}


def accounts():
    """One account alone: which bets, ratio, points, start, drip, cap (0: none), wealth; five ticks, raised after the third."""
    rows = []
    for _ in range(220):
        name = draw.choice(list(ACCOUNTS))
        r0 = 0 if name in ("limit", "safeLimit") else draw.choice([1, 1.2, 2])
        delta = draw.choice([0, .001, .005]) if r0 else draw.choice([.005, .01, .05])
        start, drip, cap, wealth = draw.choice([.3, .7, 1]), draw.choice([60, 300]), draw.choice([0, 3]), draw.choice([.25, 1])
        account = ref.Account(ACCOUNTS[name], r0, delta, start, drip, cap or None, wealth)
        world, es = [], []
        for t in range(5):
            nc, ns = draw.choice([3, 20, 90]), draw.choice([50, 400, 2000])
            tick = [draw.choice([1, 5]), counts(nc, draw.choice([0, .01, .2])), counts(ns, .004), nc, ns]
            world.append(tick)
            es.append(account.tick(*tick, .004))
            if t == 2:
                account.step()
        rows.append({"bets": name, "in": [r0, delta, start, drip, cap, wealth], "ticks": world, "es": es})
    return rows


def streams():
    rows = []
    for _ in range(216):
        limit, points = draw.choice([None, None, .005, .01, .02]), draw.choice([0, 0, .005])
        shape = dict(ratio=draw.choice([1.0, 1.2, 1.5, None]), points=points, limit=limit, exact=draw.random() < .5,
                     history=draw.choice([[0, 0], [12, 9000], [3, 50_000]]))
        base = draw.choice([.001, .005, .02])
        lone = draw.choice([None, None, (12, 24)])
        world = ticks(30, draw.choice([5, 20, 100, 300]), draw.choice([[.05], [.05, .25, .5], [.1, .5], [.5]]), base,
                      draw.choice([base, base * 3, .05, .2]), draw.choice([0, 10]), lone)
        stream, es = ref.Stream(**shape), []
        for t, tick in enumerate(world):
            if t == 20:
                stream.step()
            stream.tick(*tick)
            if t % 6 == 5:
                limits = stream.safe_limit.e if stream.safe_limit else -1
                es.append([stream.e, stream.equal.e, stream.safe.e, limits, 1 if stream.harmless else 0])
        rows.append({"shape": shape, "noSecondTest": shape["ratio"] is None, "ticks": world, "es": es})
    return rows


def means():
    """Each pair is a block: the reference gets it for twenty seconds."""
    rows = []
    for _ in range(200):
        limit, level = draw.choice([(None, .5), (None, 90), (.8, .7), (.8, .9), (100, 90)])
        worse, noise = level * draw.choice([0, .1, .2, .4]), level * draw.choice([.02, .05, .2])
        mean, pairs, es = ref.Mean(limit), [], []
        for _ in range(9):
            pair = [round(draw.gauss(level + worse, noise), 4), round(draw.gauss(level, noise), 4)]
            pairs.append(pair)
            for _ in range(20):
                mean.tick(*pair)
            es.append(mean.e)
        rows.append({"limit": limit, "pairs": pairs, "es": es})
    return rows


def at_least():
    rows = [[[2, 100, 0, 1900]], [[24, 503, 9, 9540]], [[4, 200, 2, 3800], [9, 1000, 3, 3000]]]
    while len(rows) < 205:
        steps = []
        for _ in range(draw.choice([1, 1, 2, 4])):
            nc, ns, base = draw.choice([50, 500, 5000]), draw.choice([950, 9500]), draw.choice([.001, .004, .02])
            steps.append([counts(nc, base * draw.choice([1, 3, 10, 40])), nc, counts(ns, base), ns])
        rows.append(steps)
    return [{"steps": b, "out": ref.at_least([(xc, nc, xs, ns) for xc, nc, xs, ns in b])} for b in rows]


def evidence():
    """The whole release's number and which streams are named."""
    rows = []
    for _ in range(220):
        n = draw.choice([1, 2, 3, 5, 8])
        es = [round(10 ** draw.uniform(-2, 4), 6) for _ in range(n)]
        weights = [draw.random() for _ in range(n)]
        weights = [w / sum(weights) for w in weights]
        alpha = draw.choice([.01, .05, .2])
        rows.append({"es": es, "weights": weights, "alpha": alpha, "sum": ref.release_e(es, weights), "out": ref.e_bh(es, alpha)})
    return rows


def rest():
    pick = draw.choice
    crashes = [[pick([0, 1, 3, 12]), pick([0, 20, 100, 5000]), pick([1, 2, 4, 40]), pick([.1, .5, 1, 2])] for _ in range(200)]
    splits = []
    for _ in range(200):
        weight, n = pick([.01, .05, .1, .25, .5, .9]), pick([40, 1000, 20_000, 2_000_000])
        sent = counts(n, min(.99, weight * pick([1, 1, 1.02, 1.2])))
        splits.append([sent, n - sent, weight])
    levels = [round(10 ** draw.uniform(-2.5, 5), 4) for _ in range(200)]
    ts = [[pick([5, 6, 12, 40, 80, 400]), round(draw.gauss(0, 5), 4)] for _ in range(200)]
    caps = [[pick([1.5, 3.0, 10.0]), pick([1, 5, 50, 400]), pick([0, 1, 95, 950])] for _ in range(200)]
    return {
        "atLeast": at_least(),
        "evidence": evidence(),
        "crashes": [{"in": c, "out": ref.crashes_needed(*c)} for c in crashes],
        "split": [{"in": s, "out": ref.log_split(*s)} for s in splits],
        "bins": [{"ms": ms, "out": ref.bin_of(ms)} for ms in [0, .01, .5, 1, 1.02, 1.0201, 200, 240, 1.02 ** 77, *levels]],
        "t": [{"in": [n, t], "out": ref.t_factor(n, t)} for n, t in ts],
        "caps": [{"in": c, "out": ref.cap_of(*c)} for c in caps],
    }


with open("judge.json", "w") as out:
    json.dump({"stakes": stakes(), "accounts": accounts(), "streams": streams(), "means": means(), **rest()}, out, separators=(",", ":"))
    out.write("\n")
