using Slipway.Crash;

// A program that is there to be killed, or to meet a disk that is full or locked away: each verb says on its standard
// output what it was promised, one line each, so that whoever started it can hold the journal to it.
return args switch
{
    ["append", var folder, var writers, var appends] =>
        await Appending.Run(folder, int.Parse(writers), int.Parse(appends), early: false),
    // The planted bug: success is told before the commit. The tests must find it, or they would find no real one
    // either.
    ["append-early", var folder, var writers, var appends] =>
        await Appending.Run(folder, int.Parse(writers), int.Parse(appends), early: true),
    ["open", var folder] => await Trying.Open(folder),
    ["fill", var folder] => await Trying.Fill(folder),
    ["begin-full", var folder] => await Trying.BeginFull(folder),
    _ => 2,
};
