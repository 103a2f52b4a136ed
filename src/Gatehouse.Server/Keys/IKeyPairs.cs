using Gatehouse.Protocols.Jose;

namespace Gatehouse.Keys;

/// <summary>Where fresh signing keys come from: this process's random numbers, unless it is put together otherwise. No setting reaches it.</summary>
public interface IKeyPairs
{
    /// <summary>A key that nobody else has or gets.</summary>
    SigningKey Make(JwsAlgorithm algorithm);
}

/// <summary>The only source that the program itself knows.</summary>
internal sealed class KeyPairs : IKeyPairs
{
    public SigningKey Make(JwsAlgorithm algorithm) => SigningKey.Generate(algorithm);
}
