using System.Text;
using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

/// <summary>One valid string, and each test spoils one thing of it.</summary>
public sealed class PhcStringTests
{
    private const string Salt = "c29tZXNhbHQxMjM0NTY3OA";                      // 16 bytes: the last character carries 4 spare bits
    private const string Tag = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";  // 32 bytes
    private const string Valid = $"$argon2id$v=19$m=19456,t=2,p=1${Salt}${Tag}";

    [Fact]
    public void Reads_and_writes_a_hash()
    {
        var hash = Parse(Valid);
        hash.Parameters.ShouldBe(new Argon2Parameters(19456, 2, 1));
        Encoding.ASCII.GetString(hash.Salt.Span).ShouldBe("somesalt12345678");
        hash.Tag.ToArray().ShouldBe([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        PhcString.Format(hash).ShouldBe(Valid);
    }

    [Fact] // made by the reference program: printf password | argon2 somesalt -id -t 2 -k 65536 -p 4 -l 24 -e
    public void Verifies_a_hash_of_the_reference_program()
    {
        var hash = Parse("$argon2id$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$F1jG2CV3/Nr+yRuIsPKw0J9r4s7cJHBU");
        using var pool = new Argon2MemoryPool(1);
        pool.TryRent(hash.Parameters.MemoryKiB, out var memory).ShouldBeTrue();
        using (memory)
        {
            Argon2id.Verify("password"u8, secret: default, hash, memory).ShouldBeTrue();
            Argon2id.Verify("passwore"u8, secret: default, hash, memory).ShouldBeFalse();
            Argon2id.Verify("password"u8, "pepper"u8, hash, memory).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("argon2id$v=19$m=19456,t=2,p=1$" + Salt + "$" + Tag)]                    // no leading $
    [InlineData("x$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "$" + Tag)]
    [InlineData(Valid + "$")]
    [InlineData(Valid + "\n")]
    [InlineData(" " + Valid)]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$" + Salt)]                               // no tag
    public void Refuses_another_shape(string text) => Refuses(text);

    [Theory]
    [InlineData("argon2id", "argon2i")]
    [InlineData("argon2id", "argon2d")]
    [InlineData("argon2id", "Argon2id")]
    [InlineData("v=19", "v=16")]
    [InlineData("v=19", "v=019")]
    [InlineData("v=19", "v=19,x=1")]
    [InlineData("$v=19", "")]                            // version 16 by the format's rule
    public void Refuses_another_algorithm_or_version(string valid, string spoiled) => Refuses(valid, spoiled);

    [Theory]
    [InlineData("m=19456,t=2,p=1", "t=2,m=19456,p=1")]   // order
    [InlineData("m=19456,t=2,p=1", "m=19456,t=2")]
    [InlineData("m=19456,t=2,p=1", "m=19456,t=2,p=1,p=1")]
    [InlineData("m=19456,t=2,p=1", "m=19456,t=2,p=1,keyid=AAAA")]
    [InlineData("m=19456,t=2,p=1", "m=19456,t=2,p=1,data=AAAA")]
    [InlineData("m=19456,t=2,p=1", "m=19456,t=2,p=1,")]
    [InlineData("m=19456", "M=19456")]
    [InlineData("m=19456", "m=")]
    [InlineData("m=19456", "m=019456")]
    [InlineData("m=19456", "m=+19456")]
    [InlineData("m=19456", "m=-19456")]
    [InlineData("m=19456", "m= 19456")]
    [InlineData("m=19456", "m=19456.0")]
    [InlineData("m=19456", "m=0x4C00")]
    [InlineData("m=19456", "m=19,456")]
    [InlineData("m=19456", "m=١٩٤٥٦")]
    [InlineData("m=19456", "m=7")]                       // below 8 KiB per lane
    [InlineData("t=2", "t=0")]
    [InlineData("t=2", "t=02")]
    [InlineData("p=1", "p=0")]
    [InlineData("p=1", "p=01")]
    public void Refuses_other_parameters(string valid, string spoiled) => Refuses(valid, spoiled);

    [Theory] // a stored string must not make the server spend without bound
    [InlineData("m=19456", "m=262145")]
    [InlineData("m=19456", "m=4294967296")]
    [InlineData("m=19456", "m=99999999999999999999")]
    [InlineData("t=2", "t=33")]
    [InlineData("t=2", "t=4294967295")]
    [InlineData("p=1", "p=33")]
    [InlineData("p=1", "p=16777215")]
    public void Refuses_costs_above_the_limits(string valid, string spoiled) => Refuses(valid, spoiled);

    [Fact]
    public void Takes_costs_at_the_limits()
    {
        Parse(Valid.Replace("m=19456,t=2,p=1", "m=262144,t=32,p=32", StringComparison.Ordinal)).Parameters.MemoryKiB.ShouldBe(262144);
        PhcString.Parse(Valid, new PhcLimits(MaxMemoryKiB: 19455)).TryGet(out _, out _).ShouldBeFalse();
        PhcString.Parse(Valid, new PhcLimits(MaxMemoryKiB: 19456, MaxIterations: 2, MaxParallelism: 1)).TryGet(out _, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Salt, Salt + "==")]                      // padding
    [InlineData(Salt, "c29tZXNhbHQxMjM0NTY3OB")]         // a spare bit set
    [InlineData(Salt, "c29tZXNhbHQxMjM0NTY3O")]          // a length that no bytes have
    [InlineData(Salt, "c29tZXNhbHQxMjM0NTY3-A")]         // base64url
    [InlineData(Salt, "c29tZXNhbHQx MjM0NTY3OA")]
    [InlineData(Salt, "c29tZXNhbHQx\nMjM0NTY3OA")]
    [InlineData(Salt, "")]
    [InlineData(Salt, "c29tZXNhbA")]                     // 7 bytes
    [InlineData(Tag, "")]
    [InlineData(Tag, "AAECAwQFBgcICQo")]                 // 11 bytes
    [InlineData(Tag, Tag + "=")]
    [InlineData(Tag, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9")]
    public void Refuses_other_base64(string valid, string spoiled) => Refuses(valid, spoiled);

    [Fact]
    public void Refuses_a_salt_or_tag_that_is_too_long()
    {
        Refuses(Salt, Convert.ToBase64String(new byte[65]).TrimEnd('='));
        Refuses(Tag, Convert.ToBase64String(new byte[129]).TrimEnd('='));
        Refuses(Valid + new string('A', 1000));
    }

    private static PhcHash Parse(string text)
    {
        PhcString.Parse(text).TryGet(out var hash, out var error).ShouldBeTrue(error?.Reason);
        return hash!;
    }

    private static void Refuses(string valid, string spoiled)
    {
        Valid.ShouldContain(valid);
        Refuses(Valid.Replace(valid, spoiled, StringComparison.Ordinal));
    }

    private static void Refuses(string text)
    {
        PhcString.Parse(text).TryGet(out var hash, out var error).ShouldBeFalse(hash?.ToString());
        error!.Reason.ShouldNotBeNullOrEmpty();
    }
}
