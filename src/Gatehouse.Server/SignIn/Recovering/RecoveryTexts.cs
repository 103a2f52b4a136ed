using Gatehouse.Pages;

namespace Gatehouse.SignIn.Recovering;

/// <summary>The words of a recovery's pages.</summary>
public abstract class RecoveryTexts : TextSet
{
    public static RecoveryTexts For(Locale locale) => Of<RecoveryTexts>(locale, EnglishRecoveryTexts.Instance, PersianRecoveryTexts.Instance);

    public abstract string Title { get; }
    public abstract string Lead { get; }
    public abstract string Takes(int hours);
    public abstract string FirstMail { get; }
    public abstract string Start { get; }
    public abstract string AnotherProof { get; }
    public abstract string SendCode(string number);
    public abstract string AskWhy { get; }
    public abstract string Ask { get; }
    public abstract string PasswordFirst { get; }

    public abstract string Sent { get; }
    public abstract string SentHint { get; }
    public abstract string NoMailboxTitle { get; }
    public abstract string NoMailbox { get; }
    public abstract string UnderWayTitle { get; }
    public abstract string UnderWay(string time);
    public abstract string UnderWayShort { get; }
    public abstract string UnderWayHint { get; }
    public abstract string WillBeAsked { get; }

    public abstract string ConfirmTitle { get; }
    public abstract string ConfirmLead { get; }
    public abstract string CancelTitle { get; }
    public abstract string CancelLead { get; }
    public abstract string Cancel { get; }
    public abstract string CancelledTitle { get; }
    public abstract string CancelledText { get; }
    public abstract string CancelledHint { get; }
    public abstract string CompleteTitle { get; }
    public abstract string CompleteLead { get; }
    public abstract string CompleteLeadPassword { get; }
    public abstract string Complete { get; }
    public abstract string DoneTitle { get; }
    public abstract string DoneText { get; }
}
