using Gatehouse.Credentials;

namespace Gatehouse.Tests.Credentials;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db800010002/64")]
    [InlineData("2001:db8:1:2:ffff::1", "20010db800010002/64")]
    [InlineData("", "")]
    public void Counts_IPv6_by_network(string address, string key) => RateLimit.AddressKey(address).ShouldBe(key);
}
