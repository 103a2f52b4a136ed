using Gatehouse.ApiKeys;

namespace Gatehouse.Tests.ApiKeys;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.9", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.3.9", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    [InlineData("192.0.2.0/24", null, false)]
    [InlineData("192.0.2.0/24", "", false)]
    [InlineData("192.0.2.0/24", "not an address", false)]
    public void Admits_what_is_in_a_network(string network, string? address, bool admitted)
    {
        AddressList.Parse([network]).TryGet(out var list, out _).ShouldBeTrue();
        list!.Admits(address).ShouldBe(admitted);
    }

    [Fact]
    public void Without_networks_admits_all()
    {
        AddressList.Parse([]).TryGet(out var list, out _).ShouldBeTrue();
        (list!.Admits(null), list.Admits("192.0.2.1")).ShouldBe((true, true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1/24")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/")]
    [InlineData("192.0.2.0/ 24")]
    [InlineData("192.0.2.0/24/24")]
    [InlineData("192.0.2")]
    [InlineData("0x7f.1")]
    [InlineData("010.0.0.1")]
    [InlineData("2001:db8::1/32")]
    [InlineData("::ffff:192.0.2.0/24")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.com")]
    public void Refuses_what_is_no_network(string text) => AddressList.Parse([text]).TryGet(out _, out _).ShouldBeFalse();
}
