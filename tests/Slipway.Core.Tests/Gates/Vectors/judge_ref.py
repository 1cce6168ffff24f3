#!/usr/bin/env python3
"""Reference implementation of the judgement engine (judgement.md). Standard library only; pure and streaming: O(1) state.

One formula carries every gate.  In one tick the candidate shows xc bad of nc requests, stable xs of ns.  For any stake m that
depends on the past only, with -1 <= m <= ns/(r0*nc),
    f = (1+m)^xc * (1 - r0*m*nc/ns)^xs * exp(-m*nc*delta)
has expectation <= 1 whenever  rate_c <= r0*rate_s + delta  (m > 0)  or  rate_c >= r0*rate_s + delta  (m < 0).
"""
import math
from statistics import NormalDist

PHI = NormalDist().cdf
HARM = ((1.5, 2, 3, 5, 10, 30, 100, 1000), (.1, .1, .1, .1, .1, .15, .15, .2))   # bets "k times the allowed rate", and their money
TOLERANCE = ((2, 5, 20, 100), (.25,) * 4)
LIMIT = ((1.25, 1.5, 2, 3, 5, 10, 30, 100), (.125,) * 8)
SAFE = ((.125, .25, .375, .5), (.25,) * 4)          # relative to the margin: .5 of "twice" = identical
SAFE_LIMIT = ((0, .25, .5, .75), (.25,) * 4)
START, STEP, DRIP = .7, .4, 300                     # money on the table at the start, at a later step, and by the second
BLOCK, CAP = 5, 3.0                                 # grouped counts: one block of 5 s multiplies a bet by at most 3
MEMORY = 300                                        # seconds of stable's rate estimate
ALPHA, ALPHA_TOLERANCE, ALPHA_SAFE = .01, .10, .05


def stake(k, rate, r0, delta, nc, ns):
    """Stake for the alternative rate_c = k*(r0*rate + delta): the KL projection of that point on the null's border."""
    if r0 == 0:                                             # against a limit
        return k - 1.0
    if nc <= 0 or ns <= 0:                                  # one side only: nothing to compare
        return 0.0
    if delta == 0:                                          # against a ratio: stable's rate drops out
        return (k - 1) * ns / (k * r0 * nc + ns)
    border = r0 * rate + delta
    target = min(k * border, .95) if k > 1 else k * border
    if k > 1 and target <= border:
        return 0.0
    c0 = nc * ns * (target - border)
    c1 = r0 * (nc * target + ns * rate) + delta * (ns - r0 * nc)
    return 2 * c0 / (c1 + math.sqrt(max(c1 * c1 - 4 * delta * r0 * c0, 0))) / nc


def log_factor(m, xc, xs, nc, ns, r0, delta):
    if m == 0:
        return 0.0
    if m <= -1 and xc > 0:
        return -math.inf
    s = (xc * math.log1p(m) if xc else 0.0) - m * nc * delta
    return s + (xs * math.log1p(-r0 * m * nc / ns) if r0 > 0 and xs else 0.0)


def cap_of(cap, nc, ns):
    """An incident of one instance strikes the candidate with its share of the service: a block may not pay more than 1/share."""
    return cap if ns <= 0 or nc <= 0 else min(cap, max(1.5, (nc + ns) / nc))


class Account:
    """Money: cash, and one heap per bet.  cash + heaps is a nonnegative supermartingale under the null, so it is an e-process."""

    def __init__(self, bets, r0=1.0, delta=0.0, start=START, drip=DRIP, cap=None, wealth=1.0):
        self.ratios, self.shares = bets
        self.r0, self.delta, self.drip, self.cap, self.seconds = r0, delta, drip, cap, 0.0
        self.cash = wealth * (1 - start)
        self.heaps = [wealth * start * p for p in self.shares]

    @property
    def e(self):
        return self.cash + sum(self.heaps)

    def invest(self, share):
        paid, self.cash = self.cash * share, self.cash * (1 - share)
        self.heaps = [h + paid * p for h, p in zip(self.heaps, self.shares)]

    def step(self):
        self.invest(STEP)

    def tick(self, seconds, xc, xs, nc, ns, rate=0.0):
        self.seconds += seconds
        self.invest(min(1.0, seconds / (self.seconds + self.drip)))
        for j, k in enumerate(self.ratios):
            g = log_factor(stake(k, rate, self.r0, self.delta, nc, ns), xc, xs, nc, ns, self.r0, self.delta)
            g = min(g, 300.0 if self.cap is None else math.log(cap_of(self.cap, nc, ns)))
            self.heaps[j] = min(self.heaps[j] * math.exp(g), 1e200)
        return self.e


class Stream:
    """One kind of bad event (errors, slower than x, timeouts, a custom count), judged against stable and against a limit.
    exact: the router draws every request (or counts every user once); grouped: anything else, and everything about latency."""

    def __init__(self, ratio=1.2, points=0.0, limit=None, exact=True, history=(0, 0), compare=True):
        """ratio None: no second test (latency, whose threshold is already moved by worseBy)."""
        self.compare, self.limit, self.exact = compare, limit, exact
        self.cap = None if exact else CAP
        self.bad, self.all = history
        self.equal = Account(HARM, cap=self.cap)                                        # null: not worse than stable
        self.tolerated = None if ratio is None else Account(TOLERANCE, ratio, points, cap=self.cap)     # null: worse, within worseBy
        self.over = None if limit is None else Account(LIMIT, 0, limit, cap=self.cap)   # null: within the limit
        self.alone = None                                                               # used while there is no control
        self.safe = self.safe_limit = None
        self.block = [0.0] * 6
        self.restart_safe()

    def restart_safe(self):
        start, drip = (1.0, DRIP) if self.exact else (.3, 60)   # grouped: one stall must not end the proof for good
        self.safe = Account(SAFE, 2, .001, start, drip, self.cap)
        self.safe_limit = None if self.limit is None else Account(SAFE_LIMIT, 0, self.limit, start, drip, self.cap)

    def step(self):
        """A weight was raised: flush the open block, put more money on the table, prove safety anew."""
        self.flush()
        for a in (self.equal, self.tolerated, self.over):
            if a:
                a.step()
        self.restart_safe()

    def tick(self, seconds, xc, xs, nc, ns, over=None):
        """xc: bad of the candidate as compared (latency: above 1.2 x threshold); over: as limited (above the threshold)."""
        now = (seconds, xc, xs, nc, ns, xc if over is None else over)
        self.block = [a + b for a, b in zip(self.block, now)]
        if (self.exact and ns > 0) or self.block[0] >= BLOCK:
            self.flush()
        return self.e

    def flush(self):
        seconds, xc, xs, nc, ns, over = self.block
        self.block = [0.0] * 6
        if seconds == 0:
            return
        rate = (self.bad + .5) / (self.all + 500)
        if ns > 0:
            if self.alone:                                   # control is back: go on with the money that is left
                self.equal, self.alone = Account(HARM, cap=self.cap, wealth=min(1, self.alone.e)), None
            self.equal.tick(seconds, xc, xs, nc, ns, rate)
            if self.tolerated:
                self.tolerated.tick(seconds, xc, xs, nc, ns, rate)
            self.safe.tick(seconds, xc, xs, nc, ns, rate)
            keep = math.exp(-seconds / MEMORY)
            self.bad, self.all = self.bad * keep + xs, self.all * keep + ns
        elif nc > 0:
            if not self.alone:                               # candidate at 100 %: blocks, against the limit or 2 x stable
                self.alone = Account(LIMIT, 0, max(self.limit or .01, 2 * rate), cap=CAP, wealth=min(1, self.equal.e))
            self.alone.tick(seconds, over, 0, nc, 0)
        if self.over:
            self.over.tick(seconds, over, 0, nc, 0)
            self.safe_limit.tick(seconds, over, 0, nc, 0)

    @property
    def e(self):
        """Evidence against the candidate.  Never above `equal`, so an identical candidate reaches 1/alpha with chance <= alpha."""
        if self.alone:
            return self.alone.e
        e = 0.0
        if self.compare:
            e = min(self.equal.e, self.tolerated.e * ALPHA_TOLERANCE / ALPHA) if self.tolerated else self.equal.e
        if self.over:
            e = max(e, min(self.equal.e, self.over.e))
        return e

    @property
    def harmless(self):
        need = 1 / ALPHA_SAFE
        return (not self.compare or self.safe.e >= need) and (self.limit is None or self.safe_limit.e >= need)


def release_e(es, weights=None):
    """One number for the whole release: the weighted mean of the streams' evidence.  Roll back when it reaches 1/alpha."""
    weights = weights or [1 / len(es)] * len(es)
    return sum(w * e for w, e in zip(weights, es))


def e_bh(es, alpha=.05):
    """Which streams to name: the largest k with the k-th largest e >= n/(alpha*k)."""
    order = sorted(range(len(es)), key=lambda i: -es[i])
    k = max([i + 1 for i in range(len(es)) if es[order[i]] >= len(es) / (alpha * (i + 1))], default=0)
    return sorted(order[:k])


class Mean:
    """cpu, memory, business values: means of 20 s; worse than stable by more than `worse`, or above `limit` for 60 s and worse."""

    def __init__(self, limit=None, worse=.10, seconds=20):
        self.limit, self.worse, self.seconds = limit, worse, seconds
        self.open, self.n, self.sum, self.squares, self.above = [0.0, 0.0, 0], 0, 0.0, 0.0, 0

    def tick(self, candidate, stable):
        c, s, n = self.open[0] + candidate, self.open[1] + stable, self.open[2] + 1
        self.open = [c, s, n]
        if n == self.seconds:
            c, s, self.open = c / n, s / n, [0.0, 0.0, 0]
            d = c - s - self.worse * max(s, self.limit or 0)
            self.n, self.sum, self.squares = self.n + 1, self.sum + d, self.squares + d * d
            self.above = self.above + 1 if self.limit is not None and c > self.limit else 0

    @property
    def e(self):
        """Scale-free Bayes factor of a t statistic (prior: effect size ~ N(0,1)); evidence only in the bad direction."""
        if self.n < 5:
            return 1.0
        mean = self.sum / self.n
        var = max((self.squares - self.n * mean * mean) / (self.n - 1), 1e-12)
        e = t_factor(self.n, mean / math.sqrt(var / self.n))
        e = e if mean > 0 else min(e, 1.0)
        return e if self.limit is None or self.above >= 3 else min(e, 1.0)


def t_factor(n, t):
    v = n - 1
    return (1 + n) ** -.5 * ((1 + t * t / v) / (1 + t * t / (v * (1 + n)))) ** ((v + 1) / 2)


def at_least(steps, alpha=ALPHA):
    """'At least r times worse': the largest r that the counts of all steps [(xc, nc, xs, ns)] reject at level alpha."""
    def reject(r):
        logs = [math.log(p) + sum(log_factor(stake(k, .5 / r, r, 0, nc, ns), xc, xs, nc, ns, r, 0) for xc, nc, xs, ns in steps)
                for k, p in zip(*HARM)]
        top = max(logs)
        return top + math.log(sum(math.exp(g - top) for g in logs)) >= math.log(1 / alpha)
    if not reject(1.0):
        return None
    low, high = 1.0, 1.0
    while reject(high * 2) and high < 1e6:
        high *= 2
    low, high = high, high * 2
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if reject(mid) else (low, mid)
    return low


def plan(rps, weight, base, bad, ratio=1.2, points=0.0, streams=1, alpha=ALPHA):
    """Seconds to find `bad` against `base`: (about, in 4 of 5 cases): Wald's mean and the inverse Gaussian's 80 % point."""
    equal = time_to(HARM, rps * weight, rps * (1 - weight), base, bad, 1, 0, streams / alpha)
    tolerated = time_to(TOLERANCE, rps * weight, rps * (1 - weight), base, bad, ratio, points, streams / ALPHA_TOLERANCE)
    return max(equal[0], tolerated[0]), max(equal[1], tolerated[1])


def time_to(bets, nc, ns, base, bad, r0, delta, goal):
    about = most = math.inf
    for k, p in zip(*bets):
        m = stake(k, base, r0, delta, nc, ns)
        if m <= 0:
            continue
        a, b = math.log1p(m), math.log1p(-r0 * m * nc / ns)
        drift, spread = nc * bad * a + ns * base * b - m * nc * delta, nc * bad * a * a + ns * base * b * b
        if drift > 0:
            need = math.log(goal / (START * p))
            about = min(about, need / drift)
            need += .33 * a                                 # the last event overshoots by about a third of its worth
            most = min(most, inverse_gaussian(.8, need / drift, need * need / spread))
    return about + .5, most + .5                            # half a second: counts arrive each second


def inverse_gaussian(q, mean, shape):
    def cdf(x):
        u, z = math.sqrt(shape / x), 2 * shape / mean
        tail = PHI(-u * (x / mean + 1))
        return PHI(u * (x / mean - 1)) + (math.exp(z + math.log(tail)) if tail > 0 else 0.0)
    low, high = 0.0, mean * 50
    for _ in range(100):
        mid = (low + high) / 2
        low, high = (low, mid) if cdf(mid) > q else (mid, high)
    return high


def crashes_needed(seen, instance_hours, instances, hours, alpha=.001):
    """Smallest number of crashes that stable's own crash rate would reach with chance <= alpha in this release."""
    mean = (seen + .5) / (instance_hours + 24) * instances * hours
    k, term, tail = 0, math.exp(-mean), 1.0
    while tail > alpha:
        tail -= term
        k += 1
        term *= mean / k
    return k


def log_split(sent_c, sent_s, weight, strength=10000):
    """Sample-ratio check: ln of the beta-binomial Bayes factor that the split is not `weight`.  Alarm at ln(1000), never a rollback."""
    def lbeta(a, b):
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    a, b = strength * weight, strength * (1 - weight)
    return lbeta(a + sent_c, b + sent_s) - lbeta(a, b) - sent_c * math.log(weight) - sent_s * math.log(1 - weight)


def bin_of(ms):
    """Log-linear histogram, 2 % wide: bin i holds (1.02^(i-1), 1.02^i] ms.  1.2 x a threshold is 10 bins further up."""
    return math.ceil(math.log(max(ms, 1e-6)) / math.log(1.02) - 1e-9)
