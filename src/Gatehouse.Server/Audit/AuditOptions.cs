using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Audit;

/// <summary>What the process does with every tenant's audit. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>
    /// How often the end of each tenant's chain is signed, where it moved. What is cut off later than that shows against the signed heads kept
    /// elsewhere. 1 minute to 1 day; default 15 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan HeadInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Folder to which every signed head is written as well, a file for each tenant and a line for each head, at least once: best one that whoever
    /// administers the database cannot write to. Empty (the default): none.
    /// </summary>
    public string HeadsDirectory { get; set; } = "";
}
