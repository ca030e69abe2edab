@echo off
rem Starts kq on Windows: the same as bin/kq does elsewhere. Not tried by the project yet (docs/distribution.md).
setlocal EnableExtensions EnableDelayedExpansion
set "KQ_DIST=%~dp0.."
for %%I in ("%KQ_DIST%") do set "KQ_DIST=%%~fI"
set "KQ_LIB=%KQ_DIST%\lib"

set "KQ_JAVA=java"
if defined JAVA_HOME set "KQ_JAVA=%JAVA_HOME%\bin\java"
if defined KQ_JAVA_HOME set "KQ_JAVA=%KQ_JAVA_HOME%\bin\java"
set "KQ_VERSION="
for /f "tokens=3" %%V in ('call "%KQ_JAVA%" -version 2^>^&1 ^| findstr /i "version"') do if not defined KQ_VERSION set "KQ_VERSION=%%~V"
if not defined KQ_VERSION (
  echo error: kq needs Java 17 or newer; found none. 1>&2
  echo   next: install a JDK and set JAVA_HOME 1>&2
  exit /b 1
)
set "KQ_MAJOR=0"
for /f "tokens=1,2 delims=.-+" %%A in ("%KQ_VERSION%") do (
  set "KQ_MAJOR=%%A"
  if "%%A"=="1" set "KQ_MAJOR=%%B"
)
if %KQ_MAJOR% LSS 17 (
  echo error: kq needs Java 17 or newer; found %KQ_VERSION%. 1>&2
  echo   next: install a JDK and set JAVA_HOME or KQ_JAVA_HOME 1>&2
  exit /b 1
)

set "KQ_CLASSES=cli"
set "KQ_MAIN=io.kq.cli.KqCommand"
set "KQ_KIND=cli-short"
if "%~1"=="perf" set "KQ_KIND=cli-long"
if "%~1"=="inspect" (
  set "KQ_KIND=cli-long"
  set "KQ_CLASSES=server"
)
set "KQ_ARGS=%*"
if not "%~1"=="server" goto options
set "KQ_NODE="
if "%~2"=="start" set "KQ_NODE=1"
if "%~2"=="check-config" set "KQ_NODE=1"
if "%~2"=="show-config" set "KQ_NODE=1"
for %%A in (%*) do (
  if "%%~A"=="--help" set "KQ_NODE="
  if "%%~A"=="-h" set "KQ_NODE="
)
if not defined KQ_NODE goto options
set "KQ_CLASSES=server"
set "KQ_MAIN=io.kq.broker.BrokerMain"
set "KQ_KIND=server"
set "KQ_ARGS=!KQ_ARGS:*%~2=!"
if not "%~2"=="start" set "KQ_ARGS=--%~2 --config !KQ_ARGS!"

:options
set "KQ_OPTS="
if "%KQ_KIND%"=="server" (
  call :add server
  if defined KQ_HEAP_OPTS (set "KQ_OPTS=!KQ_OPTS! %KQ_HEAP_OPTS%") else set "KQ_OPTS=!KQ_OPTS! -Xms128m -Xmx512m"
  set "KQ_OPTS=!KQ_OPTS! %KQ_JVM_OPTS%"
) else (
  call :add cli
  call :add %KQ_KIND%
  set "KQ_OPTS=!KQ_OPTS! %KQ_CLI_OPTS%"
)
if %KQ_MAJOR% GEQ 24 call :add java-24
if "%KQ_KIND%"=="server" (
  if defined KQ_LOG_DIR set "KQ_OPTS=!KQ_OPTS! "-Dkq.log.dir=%KQ_LOG_DIR%""
  if defined KQ_STOP_WITH_STDIN set "KQ_OPTS=!KQ_OPTS! "-Dkq.stop.when.stdin.closes=true""
)
if exist "%KQ_LIB%\%KQ_CLASSES%.jsa" set "KQ_OPTS=!KQ_OPTS! "-XX:SharedArchiveFile=%KQ_LIB%\%KQ_CLASSES%.jsa""

for /f "usebackq delims=" %%L in ("%KQ_LIB%\%KQ_CLASSES%.classpath") do set "KQ_CP=%%L"
set "KQ_CP=!KQ_CP::=;!"
for %%I in ("%KQ_LIB%") do set "KQ_CP=!KQ_CP:@lib@=%%~I!"
"%KQ_JAVA%" !KQ_OPTS! "-Dkq.home=%KQ_DIST%" -cp "!KQ_CP!" %KQ_MAIN% !KQ_ARGS!
exit /b %ERRORLEVEL%

:add
for /f "usebackq eol=# delims=" %%L in ("%KQ_LIB%\jvm\%1") do (
  set "KQ_LINE=%%L"
  for %%I in ("%KQ_DIST%") do set "KQ_LINE=!KQ_LINE:@home@=%%~I!"
  set "KQ_OPTS=!KQ_OPTS! "!KQ_LINE!""
)
exit /b 0
