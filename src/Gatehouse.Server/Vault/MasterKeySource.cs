using System.Security.Cryptography;
using Gatehouse.Storage;
using Microsoft.Extensions.Options;

namespace Gatehouse.Vault;

/// <summary>Finds the master key once: configuration, then the configured file, then <c>master.key</c> beside the embedded database.</summary>
internal sealed class MasterKeySource(IOptions<VaultOptions> vault, IOptions<StorageOptions> storage)
{
    private const int MaxFileBytes = 1024;
    private readonly Lock gate = new();
    private MasterKey? loaded;

    /// <summary>Where a generated key is written and an unconfigured one is looked for.</summary>
    internal string DefaultFile => Path.Combine(storage.Value.DataDirectory, "master.key");

    /// <exception cref="MasterKeyException">There is none, or it is malformed.</exception>
    internal MasterKey Get() => TryLoad() ?? throw new MasterKeyException(
        $"The master key is missing: {DefaultFile} does not exist. Restore that file, or set Vault:MasterKey or Vault:MasterKeyFile.");

    /// <returns>Null when nothing is configured and the default file does not exist.</returns>
    /// <exception cref="MasterKeyException">A key is configured and cannot be used.</exception>
    internal MasterKey? TryLoad()
    {
        lock (gate) return loaded ??= Load();
    }

    /// <summary>Makes a key and its file, readable by its owner alone. An existing file is never overwritten.</summary>
    internal MasterKey Generate()
    {
        lock (gate)
        {
            Span<byte> key = stackalloc byte[MasterKey.Size];
            RandomNumberGenerator.Fill(key);
            WriteNew(DefaultFile, Convert.ToBase64String(key) + "\n");
            loaded = new MasterKey(key);
            CryptographicOperations.ZeroMemory(key);
            return loaded;
        }
    }

    private MasterKey? Load()
    {
        var options = vault.Value;
        if (options.MasterKey.Length > 0 && options.MasterKeyFile.Length > 0)
            throw new MasterKeyException("Vault:MasterKey and Vault:MasterKeyFile are both set. Set one of them.");
        if (options.MasterKey.Length > 0) return Decode(options.MasterKey, "Vault:MasterKey");
        if (options.MasterKeyFile.Length > 0) return Decode(Read(options.MasterKeyFile), options.MasterKeyFile);
        return File.Exists(DefaultFile) ? Decode(Read(DefaultFile), DefaultFile) : null;
    }

    private static MasterKey Decode(string text, string source)
    {
        Span<byte> key = stackalloc byte[MasterKey.Size + 1];
        if (!Convert.TryFromBase64String(text.Trim(), key, out var length) || length != MasterKey.Size)
            throw new MasterKeyException($"The master key in {source} is not 32 bytes in base64. Make one with: openssl rand -base64 32");
        var master = new MasterKey(key[..MasterKey.Size]);
        CryptographicOperations.ZeroMemory(key);
        return master;
    }

    private static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes) throw new MasterKeyException($"The master key file {path} is too long to hold one key.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MasterKeyException($"The master key file {path} cannot be read: {e.Message}", e);
        }
    }

    private static void WriteNew(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            // On the disk before anything is sealed under it: a database without its key is lost.
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MasterKeyException($"The master key file {path} cannot be written: {e.Message}", e);
        }
    }
}
