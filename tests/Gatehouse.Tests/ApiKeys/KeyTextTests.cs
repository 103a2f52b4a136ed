using Gatehouse.ApiKeys;

namespace Gatehouse.Tests.ApiKeys;

public sealed class KeyTextTests
{
    [Fact]
    public void Knows_its_own_and_refuses_every_change_of_one_character()
    {
        var key = KeyText.New();
        (key.Length, KeyText.IsWhole(key), KeyText.New() != key).ShouldBe((53, true, true));
        for (var i = 0; i < key.Length; i++)
            foreach (var other in "AzZ09-_é")
                if (other != key[i]) KeyText.IsWhole(string.Concat(key.AsSpan(0, i), [other], key.AsSpan(i + 1))).ShouldBeFalse($"{i}: {other}");
        (KeyText.IsWhole(key[..^1]), KeyText.IsWhole(key + "A"), KeyText.IsWhole("")).ShouldBe((false, false, false));
    }

    [Fact]
    public void A_hash_survives_being_stored()
    {
        var hash = KeyText.Hash(KeyText.New());
        KeyHash.Read(hash.ToBytes()).ShouldBe(hash);
        hash.ToString().ShouldBe(Convert.ToHexStringLower(hash.ToBytes()));
    }
}
