"""Which commands there are, in which group, and which module of `webapp/cli` has each.

Nothing is imported for it: help and completion of names read this table, and a command is imported
when it is asked for. What it says of a command is the first sentence of the command's own help.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A command: its name, the module that lists it in `COMMANDS`, what it does in a sentence."""

    name: str
    module: str
    help: str
    is_flat: bool = True  # `flask NAME` beside `flask GROUP NAME`


@dataclass(frozen=True)
class CommandSection:
    """A group of commands; one that has the name of a command is that command too."""

    name: str
    help: str
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Return the command of a name, None where the group has none."""
        return next((each for each in self.entries if each.name == name), None)


SECTIONS = (
    CommandSection(
        "data",
        "Files in and out, what is stored, the questions.",
        (
            Entry("check", "data", "Check a data set and list every problem; nothing is stored."),
            Entry(
                "load",
                "data",
                "Load a data set; nothing is stored when it has an error, unless --skip-bad.",
            ),
            Entry(
                "loads",
                "loads",
                "List what was loaded, when and by whom; see loads show and loads undo.",
            ),
            Entry(
                "enter",
                "entering",
                "Store many new rows of TABLE as one: of a file, "
                "or a row for each who is asked for.",
            ),
            Entry(
                "event",
                "events",
                "Store what a notice says happened to a person, with all that it brings.",
            ),
            Entry(
                "events",
                "events",
                "List what happened by notice, newest first; see events undo.",
            ),
            Entry(
                "quality",
                "quality",
                "List what is doubtful in the data; see quality accept and quality reopen.",
            ),
            Entry(
                "guess",
                "data",
                "Propose a description of files nobody has described; nothing is stored.",
            ),
            Entry("sources", "data", "List the kinds of files that can be loaded."),
            Entry(
                "export",
                "data",
                "Write everything that is stored, "
                "by the ending: a folder, .xlsx, .json, .graphml, .gexf.",
            ),
            Entry(
                "changes",
                "data",
                "List what was entered by hand: when, by whom, what; newest first.",
            ),
            Entry("queries", "questions", "List the questions that `flask query` answers."),
            Entry(
                "query",
                "questions",
                "Answer the question NAME of the catalogue (see `flask queries`).",
            ),
            Entry("people", "people", "List people by id, with what they hold on the day."),
            Entry(
                "person",
                "people",
                "Show the file of the person ID: posts, ties, records, standing, plans.",
            ),
            Entry("units", "people", "List the tree of units, children below their unit."),
            Entry(
                "unit",
                "people",
                "Show who is in the unit ID and below on a day, and its own posts.",
            ),
            Entry("posts", "people", "List posts with who holds them on a day."),
            Entry(
                "post",
                "people",
                "Show who held the post ID one after another, and the gaps between them.",
            ),
        ),
    ),
    CommandSection(
        "network",
        "Who mentors whom: the network around people, lineages, connections.",
        (
            Entry(
                "network",
                "network",
                "Show the network around people: ids, and parameters as in the page's address.",
            ),
            Entry(
                "mentor-board",
                "network",
                "Show who guides whom and where a mentor is missing, in columns.",
            ),
            Entry(
                "lineage",
                "network",
                "Count the generations above and below people (ids), "
                "and say whether their line lives.",
            ),
            Entry(
                "connection",
                "network",
                "Say how two people (ids A and B) are connected, a sentence a step.",
            ),
            Entry("views", "network", "List the saved views of the network."),
        ),
    ),
    CommandSection(
        "careers",
        "Careers over all postings: paths, routes, flows, comparisons.",
        (
            Entry(
                "career",
                "careers",
                "Show the whole career of the person with the id PERSON, its gaps and its ranks.",
            ),
            Entry(
                "compare",
                "careers",
                "Say what the careers of 2 to 6 people share and where they differ.",
            ),
            Entry(
                "paths",
                "careers",
                "Search by path: who took these steps in this order, and who is on the way.",
            ),
            Entry(
                "career-routes",
                "careers",
                "Show the routes FROM one place TO another, as in rank:LOW rank:HIGH.",
            ),
            Entry("career-tree", "careers", "Show where careers part and where they meet again."),
            Entry(
                "flows", "careers", "Count who moved from what to what, with net gains and losses."
            ),
            Entry(
                "post-history",
                "careers",
                "Show who held the post with the id POST, how long, and where they went next.",
            ),
            Entry(
                "career-lines",
                "careers",
                "Show everybody's way, a line a person, and how long each rank took.",
            ),
            Entry(
                "legal-dates",
                "careers",
                "Give the earliest day of each next rank and grade, "
                "of every trainee or of some people.",
            ),
        ),
    ),
    CommandSection(
        "plans",
        "Make, check, list, show, accept and withdraw plans.",
        (
            Entry("plan", "plans", "Plan rotations: the cheapest plan, or why there is none."),
            Entry(
                "plan-check",
                "plans",
                "Judge the plan in FILE by the rules and the data of now, without the solver.",
            ),
            Entry(
                "due",
                "plans",
                "Show who should move in the next half-year, and which leading posts have room.",
                is_flat=False,
            ),
            Entry("list", "plans", "List the kept plans.", is_flat=False),
            Entry("show", "plans", "Show the plan ID: status, cost by rule, moves.", is_flat=False),
            Entry(
                "accept",
                "plans",
                "Accept the plan ID: its moves are written as planned rotations.",
                is_flat=False,
            ),
            Entry(
                "withdraw",
                "plans",
                "Withdraw the plan ID: exactly the rotations that accepting wrote are removed.",
                is_flat=False,
            ),
        ),
    ),
    CommandSection(
        "programme",
        "Where everybody stands in the programme, who lacks what, what is due.",
        (
            Entry(
                "programme",
                "standing",
                "Say how each part of the programme stands, or print its rules.",
            ),
            Entry(
                "today", "today", "Say what comes first today: work by its weight, for each role."
            ),
            Entry(
                "audit",
                "programme",
                "Judge every rule of the programme: red, yellow, blue, with who and by when.",
            ),
            Entry(
                "stages",
                "programme",
                "Say in which stage each trainee is, since when, and when the next gate opens.",
            ),
            Entry("duties", "programme", "List talks and reports: late, due, done."),
            Entry(
                "todo",
                "programme",
                "List what is late and what falls due in the next days, for each role.",
            ),
            Entry(
                "reminders",
                "programme",
                "Write a message to each who holds talks, answers requests or settles problems.",
            ),
            Entry(
                "calendar",
                "programme",
                "Write what is to be done as a calendar file (ICS) to PATH.",
            ),
            Entry(
                "report",
                "programme",
                "Recompute the programme's published totals, with the state of each mechanism.",
            ),
            Entry(
                "shortlist",
                "programme",
                "Rank the trainees for the post with the id POST, each place with its reasons.",
            ),
            Entry(
                "growth-file",
                "programme",
                "Write the growth file of PERSON to PATH: .docx or .xlsx.",
            ),
            Entry("mechanism", "standing", "Say the rules of the mechanism ID."),
            Entry("mentors", "standing", "Say who lacks which mentor."),
            Entry("mentor", "standing", "List the trainees of the mentor ID."),
            Entry("trainee", "standing", "Say where the trainee ID stands."),
            Entry(
                "training",
                "training_and_care",
                "Say who lacks which training, who has how many hours, which courses answer "
                "which needs.",
            ),
            Entry("exercises", "standing", "Say who has done which kind of exercise."),
            Entry("files", "standing", "Say how complete each growth file is."),
            Entry("focus", "standing", "List who is on the key-focus list."),
            Entry(
                "care",
                "training_and_care",
                "List the care measures by cohort, the payments by month and account, the visits.",
            ),
            Entry("vacancies", "standing", "List the posts with room."),
            Entry(
                "reserve",
                "decisions",
                "List who stands on the reserve list; see reserve put-on and reserve take-off.",
            ),
            Entry(
                "settle",
                "decisions",
                "Settle the problem in the record ID of a talk: on which day, and how.",
            ),
            Entry(
                "places",
                "standing",
                "List where people are sent to: who is there, the tasks, the gaps.",
            ),
        ),
    ),
    CommandSection(
        "server",
        "Serve the pages; its long work; the settings.",
        (
            Entry("serve", "server", "Serve the pages on this machine only, until Ctrl-C."),
            Entry(
                "jobs",
                "jobs",
                "List the checks, loads, exports and plans of the server; "
                "see jobs show and jobs stop.",
            ),
            Entry(
                "settings",
                "server",
                "List the settings (environment variables), their values and what they mean.",
            ),
        ),
    ),
)

FLAT = {each.name: each for section in SECTIONS for each in section.entries if each.is_flat}
