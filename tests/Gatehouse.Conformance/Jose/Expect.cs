using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose;

/// <summary>Short words for what most JOSE tests ask.</summary>
internal static class Expect
{
    public static JwsVerification Key(JsonWebKey key, string? type = null, JwsAlgorithm? algorithm = null) =>
        new() { Keys = [VerificationKey.Create(key, algorithm).ShouldSucceed()], Type = type };

    public static Result<VerifiedJws, JoseError> Verify(this string token, JsonWebKey key, string? type) =>
        // A token without kid is matched by its algorithm: the key's own kid does not matter then.
        Jws.Verify(token, Key(key, type));

    public static T ShouldSucceed<T>(this Result<T, JoseError> result) where T : notnull
    {
        result.TryGet(out var value, out var error).ShouldBeTrue(error?.ToString());
        return value!;
    }

    public static JoseError ShouldFail<T>(this Result<T, JoseError> result, string code) where T : notnull
    {
        result.TryGet(out _, out var error).ShouldBeFalse("It was accepted.");
        error!.Code.ShouldBe(code, error.Detail);
        return error;
    }
}
