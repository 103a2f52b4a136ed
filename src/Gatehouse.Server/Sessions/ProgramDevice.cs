using Gatehouse.Kernel;

namespace Gatehouse.Sessions;

/// <summary>
/// What <see cref="DeviceCookie"/> is to a browser, for a program that signs people in without one: a random value that the program keeps for
/// one client. Proves nothing by itself. We store only a hash, made with the client: the value of one is nothing at another, nor is a browser's.
/// </summary>
public static class ProgramDevice
{
    /// <summary>What a program sends that has none and will keep one.</summary>
    public const string Wanted = "new";

    private const string Prefix = "gh_pd_";

    /// <summary>Stands among a person's known devices for those programs that keep nothing: one for all of them.</summary>
    public static byte[] Nameless { get; } = Secret.Hash("a program that keeps no device");

    /// <summary>Of what a program sent; null when that is nothing of ours.</summary>
    public static byte[]? Hash(ClientId client, string? sent) => Secret.HasShape(sent, Prefix) ? HashOf(client, sent!) : null;

    /// <summary>A new one: the program's value and what is stored of it.</summary>
    public static (string Value, byte[] Hash) New(ClientId client)
    {
        var value = Secret.New(Prefix);
        return (value, HashOf(client, value));
    }

    private static byte[] HashOf(ClientId client, string value) => Secret.Hash($"{client}:{value}");
}
