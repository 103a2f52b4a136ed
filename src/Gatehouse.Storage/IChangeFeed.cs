namespace Gatehouse.Storage;

/// <summary>
/// What other transactions announced, in this process and in others. Truth is in the database; caches only save work, and this is how
/// they learn what to forget.
/// </summary>
public interface IChangeFeed
{
    /// <summary>Called for each announced topic after its commit, possibly twice, never inside the announcing transaction.</summary>
    void Subscribe(Action<string> onChange, Action onLost);
}

/// <summary>Fan-out within the process. <c>onLost</c> means: announcements may have been missed, forget everything.</summary>
internal sealed class ChangeFeed : IChangeFeed
{
    private readonly Lock gate = new();
    private (Action<string> OnChange, Action OnLost)[] subscribers = [];

    public void Subscribe(Action<string> onChange, Action onLost)
    {
        lock (gate) subscribers = [.. subscribers, (onChange, onLost)];
    }

    internal void Publish(string topic)
    {
        foreach (var (onChange, _) in subscribers) onChange(topic);
    }

    internal void PublishLost()
    {
        foreach (var (_, onLost) in subscribers) onLost();
    }
}
