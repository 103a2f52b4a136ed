using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Kernel;

/// <summary>Either a value or the reason there is none. Expected failures are values; exceptions are bugs or outages.</summary>
public readonly struct Result<T, TError> where T : notnull where TError : class
{
    private readonly T? value;
    private readonly TError? error;

    private Result(T value) => this.value = value;
    private Result(TError error) => this.error = error;

    /// <summary>Opens the result. Exactly one of the two outputs is set.</summary>
    /// <exception cref="InvalidOperationException">The result is <c>default</c> and holds neither.</exception>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out TError? error)
    {
        (value, error) = (this.value, this.error);
        if (error is null && value is null) throw new InvalidOperationException("A default Result holds neither a value nor an error.");
        return error is null;
    }

    public static implicit operator Result<T, TError>(T value) => new(value);
    public static implicit operator Result<T, TError>(TError error) => new(error);
}
