/// Words that stand in so many prompts that they call for nothing: of the language, and of asking a program to do something.
enum CommonWords {
    static func contain(_ word: String) -> Bool { words.contains(word) }

    private static let words = Set(
        """
        about above after again against along also although always among another anything around asked because been before
        behind being below between both came cannot come comes could course different does doing done down during each either
        else enough even ever every everything example find first following from front gave general gets getting give given
        goes going good great half happen happened happens hard have having hello help here high hold however idea important
        instead into issue just keep kind know known large last later least left less like likely line little long longer look
        looking looks made main make makes making many maybe mean means might mind more most much must near need needed needs
        never next none nothing number often okay once only open other others otherwise ours over part perhaps place please
        point possible probably problem put question quick quite rather read ready real really reason right said same
        say second see seem seems seen several shall should show side similar simple simply since small some something soon
        sorry start started still stop such sure take taken tell than thank thanks that their them then there these they thing
        things think this those though thought through time together told took toward tried true try trying turn under
        understand until upon used useful uses using usual very want wanted wants ways well went were what whatever when where
        whether which while whole whose why will with within without wonder work worked working works would write written
        wrong yeah year your yours the and for are but not you all any can had her was one our out day get has him his how man
        new now old two way who did its let say she too use yes per via etc
        add adds added adding build builds change changed changes changing check checks clean code codebase command continue
        create created current delete details edit ensure error errors explain feature file files fix fixed fixes fixing folder
        function handle implement implemented implementation improve input install issues list method modify move name
        output page please project prompt refactor remove rename repo repository review rewrite run running runs script
        section set setup source step steps summary support task tasks test tested testing tests text today tomorrow update
        updated updates user users value version view wait world write
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
