using Gatehouse.Protocols.Dns;

namespace Gatehouse.Tests.Organizations;

/// <summary>Answers of name servers, right and forged.</summary>
public sealed class DnsTextTests
{
    private const string Name = "_gatehouse.acme.example";
    private static readonly byte[] Question = DnsText.Ask(Name, 0x1234);

    private static string? Why(byte[] message) => DnsText.Read(message, Name, 0x1234).TryGet(out _, out var why) ? null : why;

    [Fact]
    public void Reads_the_texts_of_the_name()
    {
        var longest = new string('x', 600);
        DnsText.Read(NameServer.Answer(Question, "one", longest, ""), Name, 0x1234).TryGet(out var answer, out _).ShouldBeTrue();
        answer!.Texts.ShouldBe(["one", longest, ""]);
        DnsText.Read(NameServer.Answer(Question), Name.ToUpperInvariant(), 0x1234).TryGet(out answer, out _).ShouldBeTrue("names have no case");
    }

    [Fact]
    public void Believes_no_answer_to_another_question()
    {
        var answer = NameServer.Answer(Question, "forged");
        DnsText.Read(answer, Name, 0x1235).TryGet(out _, out var why).ShouldBeFalse();
        why.ShouldBe("another question's id");
        Why(NameServer.Answer(DnsText.Ask("_gatehouse.evil.example", 0x1234), "forged")).ShouldBe("the answer to another question");
        Why(Question).ShouldBe("no answer");
        answer[4] = answer[5] = 0;
        Why(answer).ShouldBe("it does not repeat the question");
    }

    [Fact]
    public void Believes_nothing_said_of_another_name()
    {
        // The record's owner: a name of its own instead of the pointer to the question.
        var answer = NameServer.Answer(Question, "forged").ToList();
        var record = Question.Length - 11;
        answer.RemoveRange(record, 2);
        answer.InsertRange(record, [4, (byte)'e', (byte)'v', (byte)'i', (byte)'l', 0]);
        DnsText.Read([.. answer], Name, 0x1234).TryGet(out var read, out var why).ShouldBeTrue(why);
        read!.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void No_broken_message_gets_through_or_runs_in_a_circle()
    {
        var right = NameServer.Answer(Question, "text");
        for (var length = 0; length < right.Length; length++) Why(right[..length]).ShouldNotBeNull();
        var circle = right.ToArray();
        var pointer = Question.Length - 11;
        circle[pointer + 1] = (byte)pointer;
        Why(circle).ShouldBe("malformed record");
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var spoiled = right.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--) spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            if (DnsText.Read(spoiled, Name, 0x1234).TryGet(out var read, out _)) read.Texts.Sum(t => t.Length).ShouldBeLessThan(300);
        }
    }
}
