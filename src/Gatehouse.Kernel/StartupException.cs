namespace Gatehouse.Kernel;

/// <summary>
/// The process cannot start as it is configured. The message is one line for the operator: what is wrong and what to do; it is printed
/// alone, without a stack trace, and the process exits with 2. Thrown before anything is written.
/// </summary>
public sealed class StartupException : Exception
{
    public StartupException(string message) : base(message) { }
    public StartupException(string message, Exception inner) : base(message, inner) { }
    public StartupException() { }
}
