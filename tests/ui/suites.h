#pragma once

/// Each runs one test class; the sum of failures is the program's answer.
int runApplyDialog(int argc, char **argv);
int runChangesModel(int argc, char **argv);
int runCompareWindow(int argc, char **argv);
int runEditGuards(int argc, char **argv);
int runEditing(int argc, char **argv);
int runEnvironmentDialog(int argc, char **argv);
int runFlight(int argc, char **argv);
int runGitWindow(int argc, char **argv);
int runHistoryList(int argc, char **argv);
int runHistoryModel(int argc, char **argv);
int runJobSlot(int argc, char **argv);
int runLaunchOptions(int argc, char **argv);
int runLive(int argc, char **argv);
int runRevisionDraft(int argc, char **argv);
int runSchemaPage(int argc, char **argv);
int runSettings(int argc, char **argv);
int runStepsModel(int argc, char **argv);
int runTheme(int argc, char **argv);
