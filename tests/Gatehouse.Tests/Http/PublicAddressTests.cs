using System.Net;
using Gatehouse.Http;

namespace Gatehouse.Tests.Http;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:93.184.215.14", true)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2002:a00:1::", false)]
    public void Knows_what_is_out_there(string address, bool isPublic) => PublicAddress.Is(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Theory]
    [InlineData("https://hooks.example.com/in?x=1", true)]
    [InlineData("http://localhost:8080/in", true)]
    [InlineData("http://127.0.0.1/", true)]
    [InlineData("http://hooks.example.com/in", false)]
    [InlineData("https://user:secret@example.com/", false)]
    [InlineData("https://example.com/#part", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("/in", false)]
    [InlineData("", false)]
    public void Knows_what_may_stand_in_a_configuration(string url, bool isTarget) => OutgoingHttp.IsTarget(url).ShouldBe(isTarget);
}
