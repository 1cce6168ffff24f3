namespace Slipway.Gates;

public enum Verdict { Undecided, NoHarm, Fail, NotTheRelease }
public sealed record JudgeState(Seq<double> Values);
public sealed record Reading(string Gate, Verdict Verdict, string Evidence, bool Harmless = false, bool Acts = true);
