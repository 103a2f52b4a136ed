using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Credentials;

/// <summary>
/// Ten codes on paper for the day the telephone is gone. Each of 80 bits and good once; shown when they are made and never again. Stored
/// as HMAC under a key of the tenant, so that a copy of the database alone cannot even be guessed at.
/// </summary>
public sealed class RecoveryCodes(TenantVault vault, TimeProvider clock) : IAuthenticator
{
    /// <summary>How many are made at once.</summary>
    public const int Count = 10;

    /// <summary>How it is called in addresses and in the audit.</summary>
    public const string AuthenticatorName = "recovery_code";

    // 32 characters that nobody takes for each other when reading from paper: 5 bits each.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 16, Group = 4;
    private static readonly SearchValues<char> letters = SearchValues.Create(Alphabet);

    public string Name => AuthenticatorName;

    /// <summary>A password that is good once; RFC 8176 has no nearer name.</summary>
    public IReadOnlyList<string> Methods { get; } = ["otp"];

    public bool IsFactor => false;

    /// <summary>Makes new ones in place of all she had.</summary>
    /// <returns>The codes, to be shown now.</returns>
    public async ValueTask<IReadOnlyList<string>> RenewAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await RecoveryCodeStore.DeleteAsync(tx, user, ct);
        var key = await vault.DeriveKeyAsync(tx, "recovery_codes", ct);
        var now = clock.Now();
        var codes = new string[Count];
        for (var i = 0; i < Count; i++)
        {
            var code = RandomNumberGenerator.GetString(Alphabet, Length);
            await RecoveryCodeStore.InsertAsync(tx, user, Hash(key, user, code), now, ct);
            codes[i] = string.Join('-', code.Chunk(Group).Select(part => new string(part)));
        }
        return codes;
    }

    /// <summary>Whether this is an unused code of hers; uses nothing.</summary>
    public async ValueTask<bool> IsUnusedAsync(TenantTransaction tx, UserId user, string code, CancellationToken ct) =>
        Read(code) is { } read && await RecoveryCodeStore.IsUnusedAsync(tx, user, Hash(await vault.DeriveKeyAsync(tx, "recovery_codes", ct), user, read), ct);

    public async ValueTask<AuthenticatorState?> DescribeAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var codes = await RecoveryCodeStore.ListAsync(tx, user, ct);
        return codes.Count == 0 ? null : new(Name, codes.Min(c => c.CreatedAt), codes.Max(c => c.UsedAt), codes.Count(c => c.UsedAt is null));
    }

    public async ValueTask<bool> VerifyAsync(TenantTransaction tx, UserId user, string answer, CancellationToken ct) =>
        Read(answer) is { } code && await RecoveryCodeStore.UseAsync(tx, user, Hash(await vault.DeriveKeyAsync(tx, "recovery_codes", ct), user, code), clock.Now(), ct);

    public ValueTask RemoveAsync(TenantTransaction tx, UserId user, CancellationToken ct) => RecoveryCodeStore.DeleteAsync(tx, user, ct);

    /// <summary>What was typed, as it was made; null when it can be no code. Letters that were taken for a digit are that digit.</summary>
    private static string? Read(string typed)
    {
        var code = CodeText.Plain(typed).Replace('o', '0').Replace('i', '1').Replace('l', '1');
        return code.Length == Length && !code.AsSpan().ContainsAnyExcept(letters) ? code : null;
    }

    private static byte[] Hash(byte[] key, UserId user, string code) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{user}:{code}"));
}
