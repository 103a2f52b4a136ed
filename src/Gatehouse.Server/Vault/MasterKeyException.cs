namespace Gatehouse.Vault;

/// <summary>The master key is missing, unreadable or another database's. The message is one line that says what to do; never the key.</summary>
public sealed class MasterKeyException : Exception
{
    public MasterKeyException(string message) : base(message) { }
    public MasterKeyException(string message, Exception inner) : base(message, inner) { }
    public MasterKeyException() { }
}
