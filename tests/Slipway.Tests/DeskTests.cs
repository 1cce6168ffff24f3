namespace Slipway.Tests;

public sealed class DeskTests
{
    [Fact]
    public void What_cannot_be_told_ends_nothing()
    {
        var desk = new Desk(new FullDisk(), new FullDisk(), "/", new(_ => null, true, true, () => (80, 24)));
        desk.Tell(desk.Error, "the gateway is gone");
        desk.Refuse("there is no service", "To add one: slipway up").ShouldBe(ExitCode.Usage);
    }

    sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}
