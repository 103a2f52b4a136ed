using System.ComponentModel.DataAnnotations;
using Gatehouse.Protocols.Argon2;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

/// <summary>What hashing passwords may cost this process. Section <c>Credentials</c>.</summary>
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

    internal int Concurrency => MaxConcurrentHashes == 0 ? Environment.ProcessorCount : MaxConcurrentHashes;
    internal Argon2Parameters Parameters => new(MemoryKiB, Iterations, Parallelism);
}

[OptionsValidator]
internal sealed partial class CredentialsOptionsValidator : IValidateOptions<CredentialsOptions>;
