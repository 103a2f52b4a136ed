using System.Globalization;
using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Bench.Micro;

/// <summary>Our Argon2id against libsodium's, on one thread, at the cost that the product stores passwords with and at two others.</summary>
internal static class Argon2Benchmark
{
    private static readonly byte[] Password = "correct horse battery staple"u8.ToArray();
    private static readonly byte[] Salt = "sixteen bytes it"u8.ToArray();

    internal static void Run(int rounds)
    {
        Libsodium.Initialize();
        if (rounds == 0) rounds = 100;
        using var pool = new Argon2MemoryPool(1);
        Compare(pool, Argon2Parameters.Default, rounds);
        Compare(pool, new Argon2Parameters(47104, 1, 1), rounds);
        Compare(pool, new Argon2Parameters(65536, 3, 1), Math.Max(3, rounds / 5));
        Dissect(pool, Argon2Parameters.Default, rounds);
    }

    private static void Compare(Argon2MemoryPool pool, Argon2Parameters p, int rounds)
    {
        byte[] theirs = new byte[p.TagLength], ours = new byte[p.TagLength];
        Contest.Hold(
            string.Create(CultureInfo.InvariantCulture, $"Argon2id, m={p.MemoryKiB} KiB, t={p.Iterations}, p={p.Parallelism}"), rounds,
            new Contender("libsodium crypto_pwhash", () => Libsodium.Argon2id(Password, Salt, p.Iterations, p.MemoryKiB, theirs)),
            new Contender("Gatehouse: rent, hash, wipe and return", () =>
            {
                using var memory = Rent(pool, p);
                Argon2id.Hash(Password, Salt, p, memory, ours);
            }));
        if (!ours.AsSpan().SequenceEqual(theirs)) throw new InvalidOperationException("The two do not agree; the times mean nothing.");
    }

    /// <summary>CPU milliseconds of one hash at the product's cost, ours and libsodium's in turn, as one line of JSON for the load benchmark.</summary>
    internal static void PrintCpu(int rounds)
    {
        Libsodium.Initialize();
        if (rounds == 0) rounds = 40;
        var p = Argon2Parameters.Default;
        using var pool = new Argon2MemoryPool(1);
        var tag = new byte[p.TagLength];
        Action[] hashes =
        [
            () =>
            {
                using var memory = Rent(pool, p);
                Argon2id.Hash(Password, Salt, p, memory, tag);
            },
            () => Libsodium.Argon2id(Password, Salt, p.Iterations, p.MemoryKiB, tag),
        ];
        // Long enough for the compiler's last word: the time of its own threads would count.
        for (var i = 0; i < 60; i++) foreach (var hash in hashes) hash();
        var used = new TimeSpan[hashes.Length];
        for (var i = 0; i < rounds; i++)
        {
            for (var h = 0; h < hashes.Length; h++)
            {
                var before = Environment.CpuUsage.TotalTime;
                hashes[h]();
                used[h] += Environment.CpuUsage.TotalTime - before;
            }
        }
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"ours\":{used[0].TotalMilliseconds / rounds:F3},\"libsodium\":{used[1].TotalMilliseconds / rounds:F3}}}"));
    }

    private static void Dissect(Argon2MemoryPool pool, Argon2Parameters p, int rounds)
    {
        using var other = new Argon2MemoryPool(1);
        using var memory = Rent(other, p);
        using var block = MemoryBlock.Allocate((nuint)p.MemoryKiB * 1024);
        List<Contender> contenders = [];
        Add<ScalarCompression>("hash alone, no vectors");
        Add<Vector256Compression>("hash alone, 256-bit vectors");
        Add<Vector512Compression>("hash alone, 512-bit vectors");
        contenders.Add(new Contender("wipe alone", () =>
        {
            block.MarkUsed(block.CapacityBytes);
            block.Clear();
        }));
        contenders.Add(new Contender("allocate, make resident and free", () => MemoryBlock.Allocate((nuint)p.MemoryKiB * 1024).Dispose()));
        Contest.Hold("Parts of the first", rounds, [.. contenders]);

        void Add<TCompression>(string name) where TCompression : ICompression
        {
            if (!TCompression.IsSupported) return;
            var tag = new byte[p.TagLength];
            contenders.Add(new Contender(name, () => Argon2id.Hash<TCompression>(Argon2Variant.Id, Password, Salt, [], [], p, memory, tag)));
        }
    }

    private static Argon2Memory Rent(Argon2MemoryPool pool, Argon2Parameters p) =>
        pool.TryRent(p.MemoryKiB, out var memory) ? memory : throw new InvalidOperationException("The pool is empty.");
}
