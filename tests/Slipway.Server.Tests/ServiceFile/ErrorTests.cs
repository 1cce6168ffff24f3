using System.Runtime.CompilerServices;
using Slipway.Support;

namespace Slipway.Tests.ServiceFile;

/// <summary>What is said about each kind of mistake. The snapshots are read by people: keep them friendly.</summary>
public sealed class ErrorTests
{
    [Fact]
    public void Mistakes_in_yaml() => Tells("", [
        "",
        "# only a comment\n",
        "service: shop\n\truntime: x\n",
        "service: shop\nnotify: [ { slack: ${SLACK_URL} } ]\n",
        "service: [ shop\nruntime: x\n",
        "a: { b: 1\nc: 2\n",
        "service: &name shop\nother: *name\n",
        "service: !!str shop\n",
        "service: \"shop\n",
        "service: shop: x\n",
        "service: shop\n  runtime: x\n",
        "service: shop\nservice: other\nruntime: { process: { command: ./x {port} } }\n",
        "{ a: 1 }: b\n",
        "service: @shop\n",
        "- a list\n",
        "just text\n",
        "service: shop\nruntime: { process: { command: ./shop {port} } }\n---\nservice: second\n",
        "runtime: { process: { command: {port}/x } }\nservice: shop\n",
        new string('[', 100),
    ]);

    [Fact]
    public void Mistakes_at_the_top() => Tells("", [
        "environment: production\n",
        "service: Shop_1\nruntime: { process: {} }\n",
        "service: shop\nruntime: {}\n",
        "service: shop\nruntime:\n",
        "service: shop\nruntime: { process: { comand: ./shop } }\n",
        "service: shop\nruntime: { process: { command: './shop \"x' } }\n",
        "service: shop\nruntime: { process: { command: [] } }\n",
        "service: shop\nruntime: { docker: { image: x } }\n",
        "service: shop\nruntime: { process: { command: './x {port} && y', env: { 1X: a, B: \"${\", C: [x] } } }\n",
        "service: shop\nruntime: { process: { command: './x {port}', ports: 9000-80, stop: { signal: SIGTREM } } }\n",
        "service: shop\nruntime: { process: { command: './shop {port}', ports: 9000-9002 } }\nreplicas: 4\n",
    ]);

    [Fact]
    public void Mistakes_that_only_the_plan_shows() => Tells(Yaml.Head, [
        "strategy: { steps: [ shift: 50, wait: 5m, shift: 0, settle: ] }",
        "strategy: { steps: [ scale: 1, shift: 100, shift: 0, settle: ] }",
        "strategy: { abTest: {} }",
        "traffic: { affinity: { cookie: u } }\nstrategy: { abTest: { split: { control: 100, treatment: 0 } } }",
        "traffic: { affinity: { cookie: u } }\nstrategy: { abTest: { experiment: checkout } }",
        "strategy: { canary: { initial: 0.01, increment: 0.01, every: 1s } }",
        "strategy: { canary: { initial: 1, increment: 1, every: 1s } }",
    ]);

    [Fact]
    public void Mistakes_in_values() => Tells(Yaml.Head, [
        "replicas: 0", "replicas: 2.5", "replicas: 100000", "replicas: ${N}", "replicas: [4]", "replicas:",
        "keepOld: 30", "keepOld: soon", "keepOld: -5m", "keepOld: 1000d",
        "falseAlarm: 0.01", "falseAlarm: 80%", "falseAlarm: 0%",
        "onNewer: supercede", "onNewer: { a: b }", "keep_old: 1h",
    ]);

    [Fact]
    public void Mistakes_in_health_and_traffic() => Tells(Yaml.Head, [
        "health: { readiness: { every: 1s } }", "health: { readiness: { http: ready } }",
        "health: { readiness: { http: /a, tcp: true } }",
        "health: { readiness: { tcp: true, expect: [200] } }",
        "health: { readiness: { http: /a, every: 1s, timeout: 2s } }",
        "health: { readiness: { http: /a, expect: [999] } }", "health: /ready",
        "traffic: { listen: 8080 }", "traffic: { listen: 127.0.0.1:99999 }",
        "traffic: { hosts: [shop_1, 'a.b:80', ok.example.com] }",
        "traffic: { tls: { certificate: a.pem } }", "traffic: { affinity: { cookie: a, header: b } }",
        "traffic: { path: api }",
    ]);

    [Fact]
    public void Mistakes_in_strategies() => Tells(Yaml.Head, [
        "strategy: { canary: {}, rolling: {} }", "strategy: canarry", "strategy: {}", "strategy: [canary]",
        "strategy: { canary: { steps: [5, 50, 25, 100] } }", "strategy: { canary: { steps: [5, 50] } }",
        "strategy: { canary: { steps: [] } }",
        "strategy: { canary: { steps: [0, 0.001, 120, x] } }",
        "strategy: { canary: { steps: [100], initial: 5%, increment: 5% } }",
        "strategy: { canary: { initial: 5% } }", "strategy: { canary: { minimum: 5s } }",
        "strategy: { rolling: { maxSurge: 0, maxUnavailable: 0 } }", "strategy: { rolling: { tolerateFailures: 30% } }",
        "strategy: { rolling: { maxSurge: 1.5, maxUnavailable: 101% } }",
        "strategy: { blueGreen: { validate: { traffic: 20 }, switch: [10, 100] } }",
        "strategy: { abTest: { split: { control: 50, treatment: 40 } } }",
        "strategy: { abTest: { split: { control: 50 } } }",
        "strategy: { shadow: { methods: [GET, POST, FETCH] } }", "strategy: { shadow: { methods: [GET, POST] } }",
        "strategy: { steps: [ scale: 1, jump: 5% ] }", "strategy: { steps: [ settle, shift: 5% ] }",
        "strategy: { steps: [ check: smoke ] }",
        "strategy: { steps: [ set: { flag: a } ] }", "strategy: { steps: [] }",
    ]);

    [Fact]
    public void Mistakes_in_rules() => Tells(Yaml.Head, [
        Rule("header: a, to: candidate"), Rule("is: [x], to: candidate"), Rule("header: a, is: x"), Rule("to: stable"),
        Rule("header: a, is: x, prefix: y, to: stable"), Rule("header: a, cookie: b, is: x, to: stable"),
        Rule("header: a, regex: '(', to: stable"), Rule("header: a, regex: '(?=x)', to: stable"),
        Rule("client: [10.0.0/8], to: stable"),
        Rule("path: { begins: /x }, to: stable"), Rule("header: a, is: x, to: nobody"),
        Rule("header: a, is: x, to: last, from: 5%"),
        Rule("all: [ { header: a } ], to: last"), Rule("all: [ { header: a, is: x } ], cookie: b, is: y, to: last"),
        "strategy: { canary: { rules: [ { name: a, header: x, is: y, to: last }, { name: a, header: x, is: z, to: " +
        "last } ] } }",
    ]);

    [Fact]
    public void Mistakes_in_gates() => Tells(Yaml.Head, [
        Gate("errorRate: { max: 0.01 }"), Gate("errorRate: {}"), Gate("errorRate: 1%"),
        Gate("errorRate: { max: 1%, min: 2% }"),
        Gate("latency: { p98: 1s }"), Gate("latency: { p99: 200 }"), Gate("latency: {}"),
        Gate("cpu: { max: 80% }, memory: { max: 80% }"),
        Gate("compare: errors"), Gate("compare: errorrate"), Gate("compare: errorRate, worseBy: 50ms"),
        Gate("compare: latency, worseBy: 1%"),
        Gate("compare: errorRate, worseBy: much"), Gate("compare: errorRate, worseBy: 0%"),
        Gate("compare: errorRate, percentile: p99"),
        Gate("compare: errorRate, to: yesterday"), Gate("errorRate: { max: 1% }, worseBy: 1%"),
        Gate("metric: x, min: 1"), Gate("metric: x, from: prometheus, query: q"),
        Gate("metric: x, from: prometheus, query: q, equals: 1, max: 2"),
        Gate("metric: x, from: prometheus, min: 1"), Gate("name: x"),
        Gate("metric: x, from: prometheus, query: 'q{version}', of: 'all{version}', max: 5"),
        Gate("metric: x, from: prometheus, query: 'q{version}', of: 'all{version}', equals: 0.1"),
        Gate("errorRate: { max: 1% }, failures: 3"), Gate("cpu: { max: 80%, for: 60s }, failures: 3"),
        Gate("compare: errorRate, worse: lower"), Gate("memoryGrowth: { min: 1% }"),
        Gate("errorRate: { max: 1% }, of: x"),
        Gate("metric: x, from: promotheus, query: q, min: 1"), Gate("metric: x, from: http, query: q, min: 1"),
        Gate("metric: x, from: http, url: shop, min: 1"), Gate("metric: x, from: command, query: ' ', min: 1"),
        Gate("metric: x, from: http, url: 'http://a', path: 'a..b]', min: 1"),
        Gate("metric: x, from: http, url: 'http://a', take: mean, min: 1"),
        Gate("metric: x, from: prometheus, query: 'sum(rate(a[1m])', min: 1"),
        Gate("metric: x, from: prometheus, query: 'a{v=\"{verson}\"}', min: 1"),
        Gate("compare: x, from: prometheus, query: 'sum(a)'"),
        Gate("metric: x, from: prometheus, query: 'a{role}', of: 'b', max: 0.1"),
        Gate("metric: x, from: prometheus, query: 'a{role}', of: 'b{role', max: 0.1"),
        Gate("metric: x, from: prometheus, query: 'a{role}', of: 'b{role}', take: max, max: 0.1"),
        "gates: [ { metric: x, name: a, from: prometheus, query: a, max: 1 }, "
            + "{ metric: x, name: b, from: prometheus, query: b, max: 1 } ]",
        "notify: [ { webhook: 'https://example.com', text: '{service} {varsion}' } ]",
        "sources: { every: 1m }", "sources: { timeout: 1m }", "sources: { prometheus: { url: there } }",
        "sources: { prometheus: { token: abc } }",
        "gates: [ { errorRate: { max: 1% } }, { errorRate: { max: 2% } }, { memory: { max: 80% } } ]",
    ]);

    [Fact]
    public void Limits_that_are_turned_the_wrong_way() => Tells(Yaml.Head, [
        Gate("errorRate: { min: 1% }"), Gate("errorRate: { min: 1%, max: 2% }"),
        Gate("successRate: { max: 99% }"), Gate("successRate: { min: 99%, max: 99.9% }"),
        Gate("availability: { max: 99% }"), Gate("availability: {}"), Gate("restarts: {}"),
        Gate("restarts: { max: -1 }"), Gate("restarts: { min: 1 }"),
        Gate("metric: x, from: prometheus, query: 'a{role}', of: 'b{role}', min: 0.1, max: 0.2"),
        Gate("metric: '', from: prometheus, query: 'sum(a)', max: 1"),
        Gate("cpu: { max: 80%, for: 60s }, for: 30s"),
    ]);

    [Fact]
    public void Mistakes_in_the_rest() => Tells(Yaml.Head, [
        "checks: { smoke: [ { http: /, run: x } ] }", "checks: { smoke: [ { run: x, expect: 200 } ] }",
        "checks: { smoke: [ { webhook: example } ] }",
        "checks: { approval: { before: lunch } }", "hooks: { before: [ { undo: x } ] }",
        "rollback: { verify: { errorRate: { min: 1% } } }",
        "schema: { database: x }", "notify: [ { slack: https://hooks.example.com/T0 } ]",
        "notify: [ { slack: \"${A}\", on: [rolledback] } ]",
        "windows: [ { only: { days: [friday] } } ]", "windows: [ { only: { hours: 25:00-26:00 } } ]",
        "windows: [ { avoid: {}, zone: Mars/North } ]",
    ]);

    [Fact]
    public void Advice_on_what_is_allowed() => Tells("", [
        "service: shop\nruntime: { process: { command: ./shop } }\n",
        Yaml.Head + "strategy: canary\n",
        Yaml.Head + "traffic: { listen: 127.0.0.1:80 }\n",
        Yaml.Head + "gates: [ { errorRate: { max: 1% } } ]\n",
        Yaml.Head + "windows: [ { avoid: { hours: \"00:00-24:00\" } } ]\n",
        Yaml.Head + "windows: [ { only: { days: mon } }, { avoid: { days: [mon, tue] } } ]\n",
    ]);

    static string Rule(string keys) => $"strategy: {{ canary: {{ rules: [ {{ {keys} }} ] }} }}";

    static string Gate(string keys) => $"gates: [ {{ {keys} }}, {{ name: m, memory: {{ max: 80% }} }} ]";

    static void Tells(string head, string[] files, [CallerMemberName] string test = "") => Snapshot.Match(
        string.Join("\n\n",
            files.Select(text => $"--- {text.Trim().Replace("\n", "\n    ")}\n{Yaml.Told(Yaml.Read(head + text))}")),
        test: test);
}
