using System.ComponentModel.DataAnnotations;
using Gatehouse.Protocols.Argon2;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

/// <summary>What hashing passwords may cost this process, and where it looks for breached ones. Section <c>Credentials</c>.</summary>
public sealed class CredentialsOptions
{
    public const string Section = "Credentials";

    /// <summary>Passwords hashed at once. 0 to 256; default 0: one per processor. Memory for hashing is at most this times <see cref="MemoryKiB"/>.</summary>
    [Range(0, 256)]
    public int MaxConcurrentHashes { get; set; }

    /// <summary>Sign-ins that may wait for their turn before more are answered 503 <c>busy</c>. 0 to 100000; default 256.</summary>
    [Range(0, 100_000)]
    public int MaxQueuedHashes { get; set; } = 256;

    /// <summary>Argon2id memory, KiB. 19456 (19 MiB, the OWASP minimum) to 262144; default 19456. Raising it rehashes each password at its next sign-in.</summary>
    [Range(19456, 262_144)]
    public int MemoryKiB { get; set; } = 19456;

    /// <summary>Argon2id passes. 2 to 32; default 2.</summary>
    [Range(2, 32)]
    public int Iterations { get; set; } = 2;

    /// <summary>Argon2id lanes. 1 to 16; default 1. Lanes are not threads here: concurrency comes from many sign-ins.</summary>
    [Range(1, 16)]
    public int Parallelism { get; set; } = 1;

    /// <summary>
    /// A list of breached passwords, made by <c>gatehouse breached compile</c> and mapped into memory. Empty (the default): none. The start fails
    /// when it cannot be read. Which tenants use it: their setting <c>passwords.breach_check</c>.
    /// </summary>
    public string BreachedList { get; set; } = "";

    /// <summary>
    /// Where tenants that chose so ask for breached passwords; the first five digits of a password's SHA-1 are appended and nothing else is sent.
    /// https, or http on a loopback address; ends with a slash. Empty: nobody may ask. Default <c>https://api.pwnedpasswords.com/range/</c>.
    /// </summary>
    public string BreachedRangeUrl { get; set; } = "https://api.pwnedpasswords.com/range/";

    /// <summary>How long that may take, waiting for a connection included. 0.1 to 10 seconds; default 2.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan BreachedRangeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    internal int Concurrency => MaxConcurrentHashes == 0 ? Environment.ProcessorCount : MaxConcurrentHashes;
    internal Argon2Parameters Parameters => new(MemoryKiB, Iterations, Parallelism);
}

[OptionsValidator]
internal sealed partial class CredentialsOptionsValidator : IValidateOptions<CredentialsOptions>;

/// <summary>What attributes cannot say: that the list is one and the address can be asked.</summary>
internal sealed class BreachOptionsValidator : IValidateOptions<CredentialsOptions>
{
    public ValidateOptionsResult Validate(string? name, CredentialsOptions options)
    {
        if (options.BreachedRangeUrl.Length > 0 && !(Uri.TryCreate(options.BreachedRangeUrl, UriKind.Absolute, out var url) && url.AbsolutePath.EndsWith('/')
            && url is { Query: "", Fragment: "", UserInfo: "" } && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))))
            return ValidateOptionsResult.Fail("Credentials:BreachedRangeUrl is an https address that ends with a slash, or empty.");
        if (options.BreachedList.Length == 0) return ValidateOptionsResult.Success;
        try
        {
            BreachedList.Open(options.BreachedList).Dispose();
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return ValidateOptionsResult.Fail($"Credentials:BreachedList cannot be used: {e.Message}");
        }
    }
}
