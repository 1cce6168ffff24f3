using Slipway.Adapters.Processes.Logs;

namespace Slipway.Tests.Adapters.Processes.Logs;

public sealed class LastWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("up\nserving\n", "serving")]
    [InlineData("Unhandled exception. no database\n   at Main()\n   at Start()\n", "Unhandled exception. no database")]
    [InlineData("a \u001b[31mred\u001b[0m word", "a ?[31mred?[0m word")]
    public void A_line_about_an_error_says_more_than_the_last_one(string output, string words) =>
        LastWords.Of(output).ShouldBe(words);

    [Fact]
    public void They_are_kept_short() => LastWords.Of(new string('x', 1_000)).Length.ShouldBe(201);

    [Theory]
    [InlineData("Failed to bind to address http://127.0.0.1:20001: address already in use.", true)]
    [InlineData("OSError: [Errno 98] Address already in use", true)]
    [InlineData("Error: listen EADDRINUSE :::20001", true)]
    [InlineData("Port 20001 was already in use.", true)]
    [InlineData("the lock file is in use", false)]
    public void Programs_say_in_many_ways_that_their_port_is_taken(string output, bool taken) =>
        LastWords.SpeakOfPort(output).ShouldBe(taken);
}
