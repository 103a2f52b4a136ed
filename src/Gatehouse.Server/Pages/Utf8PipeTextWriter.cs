using System.IO.Pipelines;
using System.Text;

namespace Gatehouse.Pages;

/// <summary>Encodes text straight into a response's buffers. Never flushes: pages are small, and Kestrel allows no synchronous I/O.</summary>
internal sealed class Utf8PipeTextWriter(PipeWriter pipe) : TextWriter
{
    /// <summary>Characters encoded at a time; a span of three times as many bytes always holds them.</summary>
    private const int Chunk = 1024;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (buffer.Length > 0)
        {
            var take = Math.Min(Chunk, buffer.Length);
            if (take < buffer.Length && char.IsHighSurrogate(buffer[take - 1])) take--;
            if (take == 0) take = 1;
            var span = pipe.GetSpan(take * 3);
            pipe.Advance(Encoding.UTF8.GetBytes(buffer[..take], span));
            buffer = buffer[take..];
        }
    }
}
